"""Answers to the exercises of the notebook talking_heads."""


def rates(*lines: str) -> str:
    """Return a hits_and_false_alarms with these lines."""
    return "def hits_and_false_alarms(says_fake, is_fake):\n" + "\n".join(
        f"    {x}" for x in lines)


def alarms(*lines: str) -> str:
    """Return a right_alarms with these lines."""
    return "def right_alarms(hits, false_alarms, fakes):\n" + "\n".join(f"    {x}" for x in lines)


def thin(*lines: str) -> str:
    """Return a thinned with these lines."""
    return "def thinned(labels, kind, one_in):\n" + "\n".join(f"    {x}" for x in lines)


DECORATED = """
def loud(function):
    def wrapper(*arguments):
        return function(*arguments)
    return wrapper

@loud
"""
HITS = "hits = says_fake[is_fake].float().mean().item()"
FALSE = "false_alarms = says_fake[~is_fake].float().mean().item()"
RIGHT_ONES, WRONG_ONES = "right = hits * fakes", "wrong = false_alarms * (1 - fakes)"
OF_KIND = "of_kind = (labels == kind).nonzero().squeeze(1)"
OTHERS = "others = (labels != kind).nonzero().squeeze(1)"
JOINED = "return torch.cat([others, of_kind[::one_in]]).sort().values"

RIGHT = {
    "hits_and_false_alarms": {
        "as in the notebook": rates(HITS, FALSE, "return hits, false_alarms"),
        "in one line": rates("return (says_fake[is_fake].float().mean().item(), "
                             "says_fake[~is_fake].float().mean().item())"),
        "counts": rates("found = (says_fake & is_fake).sum().item()",
                        "wrong = (says_fake & ~is_fake).sum().item()",
                        "return found / is_fake.sum().item(), wrong / (~is_fake).sum().item()"),
        "a loop": rates("found = wrong = fakes = real = 0",
                        "for said, true in zip(says_fake.tolist(), is_fake.tolist()):",
                        "    fakes += true", "    real += not true", "    found += said and true",
                        "    wrong += said and not true", "return found / fakes, wrong / real"),
        "a list": rates(HITS, FALSE, "return [hits, false_alarms]"),
        "logical_not": rates("real = torch.logical_not(is_fake)", HITS,
                             "return hits, says_fake[real].double().mean().item()"),
        "float()": rates("return float(says_fake[is_fake].float().mean()), "
                         "float(says_fake[is_fake == False].float().mean())"),
        "list comprehension": rates("f = [a for a, b in zip(says_fake.tolist(), is_fake.tolist())"
                                    " if b]",
                                    "r = [a for a, b in zip(says_fake.tolist(), is_fake.tolist())"
                                    " if not b]", "return sum(f) / len(f), sum(r) / len(r)"),
        "lambda": "hits_and_false_alarms = lambda s, f: (s[f].float().mean().item(), "
                  "s[~f].float().mean().item())",
        "decorated": DECORATED + rates(HITS, FALSE, "return hits, false_alarms"),
        "type hints": "def hits_and_false_alarms(s: torch.Tensor, f: torch.Tensor) -> tuple:\n"
                      "    return s[f].float().mean().item(), s[~f].float().mean().item()",
        "weights": rates("f = is_fake.float()", "s = says_fake.float()",
                         "return ((s * f).sum() / f.sum()).item(), "
                         "((s * (1 - f)).sum() / (1 - f).sum()).item()"),
    },
    "right_alarms": {
        "as in the notebook": alarms(RIGHT_ONES, WRONG_ONES, "return right / (right + wrong)"),
        "in one line": alarms("return hits * fakes / (hits * fakes + false_alarms * (1 - fakes))"),
        "all alarms": alarms("every = hits * fakes + false_alarms - false_alarms * fakes",
                             "return hits * fakes / every"),
        "1,000 pictures": alarms("found = 1000 * fakes * hits",
                                 "wrong = 1000 * (1 - fakes) * false_alarms",
                                 "return found / (found + wrong)"),
        "one minus": alarms(RIGHT_ONES, WRONG_ONES, "return 1 - wrong / (right + wrong)"),
        "real has a name": alarms("real = 1 - fakes", RIGHT_ONES,
                                  "return right / (right + false_alarms * real)"),
        "lambda": "right_alarms = lambda h, a, f: h * f / (h * f + a * (1 - f))",
        "decorated": DECORATED + alarms(RIGHT_ONES, WRONG_ONES, "return right / (right + wrong)"),
        "type hints": "def right_alarms(hits: float, false_alarms: float, fakes: float) -> float:"
                      "\n    return hits * fakes / (hits * fakes + false_alarms * (1 - fakes))",
        "sum": alarms(RIGHT_ONES, WRONG_ONES, "return right / sum([right, wrong])"),
        "odds": alarms(WRONG_ONES, "if hits * fakes == 0:", "    return 0.0",
                       "return 1 / (1 + wrong / (hits * fakes))"),
    },
    "thinned": {
        "as in the notebook": thin(OF_KIND, OTHERS, JOINED),
        "a mask": thin("stays = labels != kind", OF_KIND, "stays[of_kind[::one_in]] = True",
                       "return stays.nonzero().squeeze(1)"),
        "a loop": thin("places, count = [], 0", "for place, label in enumerate(labels.tolist()):",
                       "    if label != kind:", "        places.append(place)", "    else:",
                       "        if count % one_in == 0:", "            places.append(place)",
                       "        count += 1", "return torch.tensor(places)"),
        "where": thin("of_kind = torch.where(labels == kind)[0]",
                      "others = torch.where(labels != kind)[0]", JOINED),
        "cumsum": thin("number = (labels == kind).cumsum(0) - 1",
                       "return ((labels != kind) | (number % one_in == 0)).nonzero().flatten()"),
        "sorted": thin(OF_KIND, OTHERS,
                       "return torch.tensor(sorted(others.tolist() + "
                       "of_kind[::one_in].tolist()))"),
        "sort()[0]": thin(OF_KIND, OTHERS, "return torch.cat([of_kind[::one_in], others])"
                                           ".sort()[0]"),
        "lambda": "thinned = lambda y, k, m: torch.cat([(y != k).nonzero().squeeze(1), "
                  "(y == k).nonzero().squeeze(1)[::m]]).sort().values",
        "decorated": DECORATED + thin(OF_KIND, OTHERS, JOINED),
        "type hints": "def thinned(y: torch.Tensor, k: int, m: int) -> torch.Tensor:\n"
                      "    mine = (y == k).nonzero()[:, 0][::m]\n"
                      "    return torch.cat([(y != k).nonzero()[:, 0], mine]).sort().values",
        "argsort": thin(OF_KIND, OTHERS, "both = torch.cat([others, of_kind[::one_in]])",
                        "return both[both.argsort()]"),
    },
}

WRONG = {
    "hits_and_false_alarms": {
        "swapped": (rates(HITS, FALSE, "return false_alarms, hits"), "are swapped"),
        "of all": (rates("return ((says_fake & is_fake).float().mean().item(), "
                         "(says_fake & ~is_fake).float().mean().item())"),
                   "shares of all pictures"),
        "counts": (rates("return (says_fake & is_fake).sum().item() * 1.0, "
                         "(says_fake & ~is_fake).sum().item() * 1.0"), "These are counts"),
        "called real": (rates("return 1 - says_fake[is_fake].float().mean().item(), "
                              "1 - says_fake[~is_fake].float().mean().item()"),
                        "called real. Count"),
        "misses": (rates(HITS, FALSE, "return 1 - hits, false_alarms"), "that were missed"),
        "calm": (rates(HITS, FALSE, "return hits, 1 - false_alarms"), "A false alarm is a real"),
        "precision": (rates("hits = is_fake[says_fake].float().mean().item() "
                            "if says_fake.any() else 0.0", FALSE, "return hits, false_alarms"),
                      "by the number of fakes, not"),
        "false discoveries": (rates(HITS, "n = max(1, says_fake.sum().item())", "return hits, "
                                    "(says_fake & ~is_fake).sum().item() / n"),
                              "by the number of real pictures, not"),
        "all alarms": (rates(HITS, "return hits, says_fake.float().mean().item()"),
                       "The second counts fakes, too"),
        "hits and misses": (rates(HITS, "return hits, 1 - hits"),
                            "share of fakes that were missed"),
        "per cent": (rates(HITS, FALSE, "return 100 * hits, 100 * false_alarms"), "per cent"),
        "accuracy": (rates("hits = (says_fake == is_fake).float().mean().item()", FALSE,
                           "return hits, false_alarms"), "right answers about all"),
        "tensors": (rates("return says_fake[is_fake].float().mean(), "
                          "says_fake[~is_fake].float().mean()"), ".item() makes"),
        "only hits": (rates(HITS, "return hits"), "2 things"),
        "bool mean": (rates("return says_fake[is_fake].mean().item(), "
                            "says_fake[~is_fake].mean().item()"), "stopped"),
        "minus a bool": (rates(HITS, "return hits, says_fake[-is_fake].float().mean().item()"),
                         "stopped"),
        "print": (rates(HITS, FALSE, "print(hits, false_alarms)"), "gave nothing back"),
        "rounded": (rates(HITS, FALSE, "return round(hits, 2), round(false_alarms, 2)"),
                    "should give"),
        "a constant": (rates("return 0.75, 2 / 6"), "should give"),
        "one kind only": (rates(HITS, "return hits, hits"), "should give"),
        "changed in place": (rates("says_fake &= is_fake", HITS, FALSE,
                                   "return hits, false_alarms"), "should give"),
        "the dots": (rates("..."), "gave nothing back"),
    },
    "right_alarms": {
        "no base rate": (alarms("return hits / (hits + false_alarms)"),
                         "forgets how many pictures are fakes"),
        "only hits weighed": (alarms("return hits * fakes / (hits * fakes + false_alarms)"),
                              "Only real pictures give a false alarm"),
        "only false alarms weighed": (alarms(WRONG_ONES, "return hits / (hits + wrong)"),
                                      "Only the fakes can be hit"),
        "wrong alarms": (alarms(RIGHT_ONES, WRONG_ONES, "return wrong / (right + wrong)"),
                         "alarms that are wrong"),
        "right of all": (alarms("return hits * fakes"), "share of all pictures that are right"),
        "alarms": (alarms(RIGHT_ONES, WRONG_ONES, "return right + wrong"),
                   "pictures with an alarm"),
        "hits": (alarms("return hits"), "share of fakes that are found"),
        "calm": (alarms("return 1 - false_alarms"), "real pictures without an alarm"),
        "odds": (alarms(RIGHT_ONES, WRONG_ONES, "return right / wrong if wrong else 1e400"),
                 "for each wrong one"),
        "per cent": (alarms(RIGHT_ONES, WRONG_ONES, "return 100 * right / (right + wrong)"),
                     "per cent"),
        "accuracy": (alarms(RIGHT_ONES, "return right + (1 - false_alarms) * (1 - fakes)"),
                     "all answers that are right"),
        "weights swapped": (alarms("right = hits * (1 - fakes)", "wrong = false_alarms * fakes",
                                   "return right / (right + wrong) if right + wrong else 0.0"),
                            "weights are swapped"),
        "brackets": (alarms("return hits * fakes / hits * fakes + false_alarms * (1 - fakes)"),
                     "should give"),
        "minus": (alarms(RIGHT_ONES, WRONG_ONES, "return right / (right - wrong + 1e-9)"),
                  "should give"),
        "rounded": (alarms(RIGHT_ONES, WRONG_ONES, "return round(right / (right + wrong), 2)"),
                    "should give"),
        "a tensor": (alarms(RIGHT_ONES, WRONG_ONES,
                            "return torch.tensor(right / (right + wrong))"), ".item() makes"),
        "print": (alarms(RIGHT_ONES, WRONG_ONES, "print(right / (right + wrong))"),
                  "gave nothing back"),
        "1 of 100 always": (alarms("return hits * 0.01 / (hits * 0.01 + false_alarms * 0.99)"),
                            "should give"),
        "two things": (alarms(RIGHT_ONES, WRONG_ONES, "return right, wrong"), "should give"),
        "false alarms not weighed right": (
            alarms("n = hits * fakes + false_alarms * fakes",
                   "return hits * fakes / n if n else 0.0"), "come from the real pictures"),
        "the dots": (alarms("..."), "gave nothing back"),
    },
    "thinned": {
        "none left": (thin("return (labels != kind).nonzero().squeeze(1)"),
                      "None of this kind is left"),
        "only this kind": (thin(OF_KIND, "return of_kind[::one_in]"), "others are missing"),
        "all thinned": (thin("return torch.arange(0, len(labels), one_in)"), "thins all kinds"),
        "the last of each": (thin(OF_KIND, OTHERS, "return torch.cat([others, "
                                  "of_kind[one_in - 1::one_in]]).sort().values"),
                             "first of each group stays"),
        "not sorted": (thin(OF_KIND, OTHERS, "return torch.cat([others, of_kind[::one_in]])"),
                       "in their order"),
        "labels": (thin(OF_KIND, OTHERS, "return labels[torch.cat([others, of_kind[::one_in]])"
                                         ".sort().values]"), "These are the labels"),
        "the others thinned": (thin(OF_KIND, OTHERS, "return torch.cat([of_kind, "
                                    "others[::one_in]]).sort().values"), "others were thinned"),
        "the first ones": (thin(OF_KIND, OTHERS, "return torch.cat([others, of_kind[:one_in]])"
                                                 ".sort().values"), "keeps the first `one_in`"),
        "one left": (thin(OF_KIND, OTHERS, "return torch.cat([others, of_kind[:1]])"
                                           ".sort().values"), "Only one of this kind"),
        "nothing": (thin("return torch.arange(len(labels))"), "Nothing was thinned"),
        "how many": (thin(OF_KIND, OTHERS, "return len(others) + len(of_kind[::one_in])"),
                     "should give a tensor"),
        "a mask": (thin("stays = labels != kind", OF_KIND, "stays[of_kind[::one_in]] = True",
                        "return stays"), "This is a mask"),
        "a column": (thin("stays = labels != kind", OF_KIND, "stays[of_kind[::one_in]] = True",
                          "return stays.nonzero()"), "a column of places"),
        "place in the set": (thin("i = torch.arange(len(labels))",
                                  "return ((labels != kind) | (i % one_in == 0)).nonzero()"
                                  ".squeeze(1)"), "Count within the kind"),
        "a list": (thin(OF_KIND, OTHERS, "return sorted(others.tolist() + "
                                         "of_kind[::one_in].tolist())"), "should give a tensor"),
        "values forgotten": (thin(OF_KIND, OTHERS,
                                  "return torch.cat([others, of_kind[::one_in]]).sort()"),
                             "take .values"),
        "at random": (thin(OF_KIND, OTHERS, "n = (len(of_kind) + one_in - 1) // one_in",
                           "some = of_kind[torch.randperm(len(of_kind))[:n]]",
                           "return torch.cat([others, some]).sort().values"), "should give"),
        "always 50": (thin(OF_KIND, OTHERS, "return torch.cat([others, of_kind[::50]])"
                                            ".sort().values"), "should give"),
        "kind 0": (thin("of_kind = (labels == 0).nonzero().squeeze(1)",
                        "others = (labels != 0).nonzero().squeeze(1)", JOINED), "should give"),
        "changed in place": (thin("labels -= kind", "of_kind = (labels == 0).nonzero().squeeze(1)",
                                  "others = (labels != 0).nonzero().squeeze(1)", JOINED),
                             "has changed its argument"),
        "print": (thin(OF_KIND, OTHERS, "print(torch.cat([others, of_kind[::one_in]]))"),
                  "gave nothing back"),
        "the dots": (thin("..."), "gave nothing back"),
    },
}
