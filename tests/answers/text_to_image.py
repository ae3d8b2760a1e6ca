"""Answers to the exercises of the notebook text_to_image."""


def bag(*lines):
    return "\n".join(["def bag(found, known):", *(f"    {line}" for line in lines)])


def mismatched(*lines):
    return "\n".join(["def mismatched(y):", *(f"    {line}" for line in lines)])


def matching_loss(*lines):
    return "\n".join(["def matching_loss(right, wrong, fake):", *(f"    {line}" for line in lines)])


RIGHT = {
    "bag": {
        "a comprehension": bag("return torch.tensor([float(found.count(w)) for w in known])"),
        "dtype in place of float": bag(
            "return torch.tensor([found.count(w) for w in known], dtype=torch.float32)"),
        "float behind": bag("return torch.tensor([found.count(w) for w in known]).float()"),
        "Tensor": bag("return torch.Tensor([found.count(w) for w in known])"),
        "a loop over the known words": bag(
            "counts = torch.zeros(len(known))",
            "for i, word in enumerate(known):",
            "    counts[i] = found.count(word)",
            "return counts"),
        "a loop over the sentence": bag(
            "counts = torch.zeros(len(known))",
            "for word in found:",
            "    if word in known:",
            "        counts[known.index(word)] += 1",
            "return counts"),
        "a dictionary of places": bag(
            "place = {word: i for i, word in enumerate(known)}",
            "counts = torch.zeros(len(known))",
            "for word in found:",
            "    if word in place:",
            "        counts[place[word]] += 1",
            "return counts"),
        "a Counter": bag("from collections import Counter",
                         "times = Counter(found)",
                         "return torch.tensor([float(times[word]) for word in known])"),
        "a sum of comparisons": bag(
            "return torch.tensor([float(sum(w == word for w in found)) for word in known])"),
        "map": bag("return torch.tensor(list(map(found.count, known))).float()"),
        "a list first": bag("numbers = []",
                            "for word in known:",
                            "    numbers.append(float(found.count(word)))",
                            "return torch.tensor(numbers)"),
        "bincount": bag("places = [known.index(w) for w in found if w in known]",
                        "places = torch.tensor(places, dtype=torch.int64)",
                        "return torch.bincount(places, minlength=len(known)).float()"),
        "a lambda": "bag = lambda f, known: torch.tensor([1.0 * f.count(w) for w in known])",
        "other names": ("def bag(sentence: list, vocabulary: list) -> torch.Tensor:\n"
                        "    counts = [sentence.count(word) for word in vocabulary]\n"
                        "    return torch.tensor(counts, dtype=torch.float)"),
        "it prints as well": bag("print(len(found))",
                                 "return torch.tensor([float(found.count(w)) for w in known])"),
    },
    "mismatched": {
        "roll": mismatched("return y.roll(1, 0)"),
        "roll with names": mismatched("return torch.roll(y, shifts=1, dims=0)"),
        "cat": mismatched("return torch.cat([y[-1:], y[:-1]])"),
        "cat along 0": mismatched("return torch.cat((y[-1].unsqueeze(0), y[:-1]), dim=0)"),
        "an index": mismatched("return y[torch.arange(len(y)) - 1]"),
        "a modulo": mismatched("n = len(y)", "return y[(torch.arange(n) + n - 1) % n]"),
        "a list of places": mismatched("return y[[-1, *range(len(y) - 1)]]"),
        "stack": mismatched("return torch.stack([y[i - 1] for i in range(len(y))])"),
        "a copy that is filled": mismatched("wrong = torch.empty_like(y)",
                                            "wrong[0], wrong[1:] = y[-1], y[:-1]",
                                            "return wrong"),
        "a loop": mismatched("rows = [y[-1]]",
                             "for row in y[:-1]:",
                             "    rows.append(row)",
                             "return torch.stack(rows)"),
        "vstack": mismatched("return torch.vstack([y[-1:], y[:-1]])"),
        "index_select": mismatched(
            "places = torch.arange(-1, len(y) - 1) % len(y)",
            "return y.index_select(0, places)"),
        "a negative roll all the way": mismatched("return y.roll(1 - len(y), 0)"),
        "a lambda": "mismatched = lambda y: y.roll(1, 0)",
    },
    "matching_loss": {
        "the library's": matching_loss(
            "return losses.bce(right, 1) + (losses.bce(wrong, 0) + losses.bce(fake, 0)) / 2"),
        "a half in front": matching_loss(
            "return losses.bce(right, 1) + 0.5 * (losses.bce(wrong, 0) + losses.bce(fake, 0))"),
        "two halves": matching_loss(
            "return losses.bce(right, 1) + 0.5 * losses.bce(wrong, 0) + losses.bce(fake, 0) / 2"),
        "one batch of wrong ones": matching_loss(
            "return losses.bce(right, 1) + losses.bce(torch.cat([wrong, fake]), 0)"),
        "named terms": matching_loss(
            "good = losses.bce(right, 1)",
            "bad = (losses.bce(wrong, 0) + losses.bce(fake, 0)) / 2",
            "return good + bad"),
        "torch's own": matching_loss(
            "bce = F.binary_cross_entropy_with_logits",
            "one, zero = torch.ones_like(right), torch.zeros_like(right)",
            "return bce(right, one) + (bce(wrong, zero) + bce(fake, zero)) / 2"),
        "softplus": matching_loss(
            "return (F.softplus(-right) + (F.softplus(wrong) + F.softplus(fake)) / 2).mean()"),
        "logsigmoid": matching_loss(
            "return -(F.logsigmoid(right).mean() + F.logsigmoid(-wrong).mean() / 2",
            "         + F.logsigmoid(-fake).mean() / 2)"),
        "the loss of D twice": matching_loss(
            "return (losses.discriminator_loss(right, wrong)",
            "        + losses.discriminator_loss(right, fake)) / 2"),
        "minimax": matching_loss(
            "return losses.bce(right, 1) - (minimax_loss(wrong) + minimax_loss(fake)) / 2"),
        "labels in tensors": matching_loss(
            "real, no = torch.ones(len(right)), torch.zeros(len(right))",
            "return losses.bce(right, real) + (losses.bce(wrong, no) + losses.bce(fake, no)) / 2"),
        "a weighted sum": matching_loss(
            "terms = [(1, right, 1), (0.5, wrong, 0), (0.5, fake, 0)]",
            "return sum(weight * losses.bce(x, y) for weight, x, y in terms)"),
        "a lambda": "matching_loss = lambda right, wrong, fake: (losses.bce(right, 1)"
                    " + (losses.bce(wrong, 0) + losses.bce(fake, 0)) / 2)",
    },
}

COUNT = "Count how often: found.count(word)."
ROLL = "y.roll(1, 0) moves every row one place down"
DOTS = "Put your code in place of the dots"
bce = "losses.bce"
WRONG = {
    "bag": {
        "nothing": (bag("..."), DOTS),
        "no return": (bag("counts = [found.count(w) for w in known]"), DOTS),
        "only whether": (bag("return torch.tensor([float(w in found) for w in known])"), COUNT),
        "clamped": (bag("c = torch.tensor([float(found.count(w)) for w in known])",
                        "return c.clamp(max=1)"), COUNT),
        "a set": (bag("found = list(set(found))",
                      "return torch.tensor([float(found.count(w)) for w in known])"), COUNT),
        "the other way round": (bag("return torch.tensor([float(known.count(w)) for w in found])"),
                                "It is the wrong way round"),
        "places": (bag("return torch.tensor([float(known.index(w)) for w in found if w in known])"),
                   "These are the places of the words"),
        "shares": (bag("return torch.tensor([found.count(w) / len(found) for w in known])"),
                   "do not divide"),
        "whole numbers": (bag("return torch.tensor([found.count(w) for w in known])"),
                          "x.float() turns numbers into that kind"),
        "a list": (bag("return [float(found.count(w)) for w in known]"), "should give a tensor"),
        "a numpy array": (bag("import numpy as np",
                              "return np.array([found.count(w) for w in known])"),
                          "should give a tensor"),
        "a sum": (bag("return torch.tensor([float(found.count(w)) for w in known]).sum()"),
                  "You add up all words"),
        "sorted": (bag("return torch.tensor([float(found.count(w)) for w in sorted(known)])"),
                   "do not sort it"),
        "from behind": (bag("return torch.tensor([float(found.count(w)) for w in known[::-1]])"),
                        "the first word first"),
        "one axis too many": (bag("return torch.tensor([[float(found.count(w)) for w in known]])"),
                              "without a further axis"),
        "letters": (bag("text = ' '.join(found)",
                        "return torch.tensor([float(text.count(w)) for w in known])"),
                    "Count whole"),
        "letters again": (bag("return torch.tensor([float(sum(w in f for f in found))"
                              " for w in known])"), "Count whole"),
        "unknown words stop it": (bag("c = torch.zeros(len(known))",
                                      "for w in found:",
                                      "    c[known.index(w)] += 1",
                                      "return c"), "stopped"),
        "the known words change": (bag("known.sort(reverse=True)",
                                       "known.sort()",
                                       "return torch.tensor([float(found.count(w)) "
                                       "for w in known])"), "do not sort it"),
        "double": (bag("return torch.tensor([found.count(w) for w in known]).double()"),
                   "x.float() turns numbers into that kind"),
        "zeros": (bag("return torch.zeros(len(known))"), "Every count is still 0"),
    },
    "mismatched": {
        "nothing": (mismatched("..."), DOTS),
        "y itself": (mismatched("return y"), "still has its own words"),
        "flipped": (mismatched("return y.flip(0)"), "upside down"),
        "rows turned": (mismatched("return y.flip(1)"), "the words themselves change"),
        "the wrong axis": (mismatched("return y.roll(1, 1)"), "inside each row"),
        "no axis": (mismatched("return y.roll(1)"), "rows are mixed"),
        "up": (mismatched("return y.roll(-1, 0)"), "the other direction"),
        "up by cat": (mismatched("return torch.cat([y[1:], y[:1]])"), "the other direction"),
        "by two": (mismatched("return y.roll(2, 0)"), "You move by two"),
        "all the way": (mismatched("return y.roll(len(y), 0)"), "still has its own words"),
        "opposite": (mismatched("return 1 - y"), "into their opposite"),
        "minus": (mismatched("return -y"), "the sign of the words"),
        "zeros": (mismatched("return torch.zeros_like(y)"), "no words left"),
        "the last for all": (mismatched("return y[-1:].repeat(len(y), 1)"), "words of the last"),
        "the first for all": (mismatched("return y[:1].repeat(len(y), 1)"), "words of the first"),
        "shorter": (mismatched("return y[:-1]"), "shorter now"),
        "an empty row": (mismatched("wrong = torch.zeros_like(y)", "wrong[1:] = y[:-1]",
                                    "return wrong"), "The first row is empty"),
        "transposed": (mismatched("return y.T"), "rows and columns"),
        "at random": (mismatched("return y[torch.randperm(len(y))]"), "should give"),
        "in place": (mismatched("last = y[-1].clone()", "y[1:] = y[:-1].clone()", "y[0] = last",
                                "return y"), ""),
        "without gradient": (mismatched("return y.detach().roll(1, 0)"), "no gradient flows"),
        "a list": (mismatched("return [y[i - 1] for i in range(len(y))]"), "torch.stack"),
        "sorted": (mismatched("return y.sort(0).values"), "mix the words"),
        "the mean": (mismatched("return y.mean(0).expand_as(y)"), "the mean of all words"),
    },
    "matching_loss": {
        "nothing": (matching_loss("..."), DOTS),
        "no half": (matching_loss(f"return {bce}(right, 1) + {bce}(wrong, 0) + {bce}(fake, 0)"),
                    "half each"),
        "all halved": (matching_loss(
            f"return ({bce}(right, 1) + {bce}(wrong, 0) + {bce}(fake, 0)) / 2"),
            "Only the two wrong kinds are halved"),
        "a third": (matching_loss(
            f"return ({bce}(right, 1) + {bce}(wrong, 0) + {bce}(fake, 0)) / 3"), "mean of three"),
        "no brackets": (matching_loss(
            f"return {bce}(right, 1) + {bce}(wrong, 0) + {bce}(fake, 0) / 2"),
            "Only `fake` is halved"),
        "only wrong halved": (matching_loss(
            f"return {bce}(right, 1) + {bce}(wrong, 0) / 2 + {bce}(fake, 0)"),
            "Only `wrong` is halved"),
        "the old loss": (matching_loss("return losses.discriminator_loss(right, fake)"),
                         "wrong words are missing"),
        "no fakes": (matching_loss(f"return {bce}(right, 1) + {bce}(wrong, 0)"),
                     "The fakes are missing"),
        "no right ones": (matching_loss(f"return ({bce}(wrong, 0) + {bce}(fake, 0)) / 2"),
                          "The right pairs are missing"),
        "wrong words are real": (matching_loss(
            f"return {bce}(right, 1) + ({bce}(wrong, 1) + {bce}(fake, 0)) / 2"),
            "never listens to words"),
        "fakes are real": (matching_loss(
            f"return {bce}(right, 1) + ({bce}(wrong, 0) + {bce}(fake, 1)) / 2"), "not G's"),
        "labels swapped": (matching_loss(
            f"return {bce}(right, 0) + ({bce}(wrong, 1) + {bce}(fake, 1)) / 2"),
            "wrong way round"),
        "half right": (matching_loss(
            f"return {bce}(right, 1) + ({bce}(wrong, 0.5) + {bce}(fake, 0)) / 2"),
            "not half right"),
        "minus": (matching_loss(
            f"return {bce}(right, 1) - ({bce}(wrong, 0) + {bce}(fake, 0)) / 2"),
            "All three terms are added"),
        "the sign": (matching_loss(
            f"return -{bce}(right, 1) - ({bce}(wrong, 0) + {bce}(fake, 0)) / 2"),
            "The sign is wrong"),
        "the wrong half": (matching_loss(
            f"return {bce}(right, 1) / 2 + {bce}(wrong, 0) + {bce}(fake, 0)"),
            "The wrong term is halved"),
        "twice": (matching_loss(
            f"return 2 * {bce}(right, 1) + {bce}(wrong, 0) + {bce}(fake, 0)"), "halve it"),
        "mixed logits": (matching_loss(f"return {bce}(right, 1) + {bce}((wrong + fake) / 2, 0)"),
                         "You mix the logits"),
        "probabilities": (matching_loss(
            "p, q, r = right.sigmoid(), wrong.sigmoid(), fake.sigmoid()",
            "return (-p.log() - ((1 - q).log() + (1 - r).log()) / 2).mean()"), "inf"),
        "a plain number": (matching_loss(
            f"loss = {bce}(right, 1) + ({bce}(wrong, 0) + {bce}(fake, 0)) / 2",
            "return loss.item()"), "should give a tensor"),
        "one for each picture": (matching_loss(
            "return F.softplus(-right) + (F.softplus(wrong) + F.softplus(fake)) / 2"),
            "should give"),
        "no gradient": (matching_loss(
            f"loss = {bce}(right, 1) + ({bce}(wrong, 0) + {bce}(fake, 0)) / 2",
            "return loss.detach()"), "no gradient flows"),
    },
}
