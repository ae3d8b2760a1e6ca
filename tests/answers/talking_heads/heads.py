"""Answers to the exercises of the notebook talking_heads."""


def pose_vector(*lines: str) -> str:
    body = "\n".join(f"    {line}" for line in lines)
    return f"def pose_vector(expression, landmarks, low, high):\n{body}"


def mean_embedding(*lines: str) -> str:
    body = "\n".join(f"    {line}" for line in lines)
    return f"def mean_embedding(E, pictures):\n{body}"


def loss(*lines: str) -> str:
    body = "\n".join(f"    {line}" for line in lines)
    return f"def generator_loss(fake, truth, fake_logits, weight=0.1):\n{body}"


SCALED = "scaled = (expression - low) / (high - low)"
NK = "n, k = pictures.shape[:2]"
EACH = "e = E(pictures.flatten(0, 1))"
L1 = "l1 = (fake - truth).abs().mean()"
D_PART = "non_saturating_loss(fake_logits)"

RIGHT = {
    "pose_vector": {
        "the library's lines": pose_vector(
            SCALED, "return torch.cat([scaled, landmarks.flatten(1)], 1)"),
        "one line": pose_vector("return torch.cat([(expression - low) / (high - low), "
                                "landmarks.flatten(1)], dim=1)"),
        "the last axis": pose_vector(
            SCALED, "return torch.cat((scaled, landmarks.flatten(start_dim=1)), dim=-1)"),
        "reshape": pose_vector(
            SCALED, "return torch.cat([scaled, landmarks.reshape(len(landmarks), -1)], 1)"),
        "hstack": pose_vector(SCALED, "return torch.hstack([scaled, landmarks.flatten(1)])"),
        "divided apart": pose_vector(
            "width = high - low",
            "return torch.cat([expression / width - low / width, landmarks.flatten(1)], 1)"),
        "torch's functions": pose_vector(
            "scaled = torch.div(torch.sub(expression, low), torch.sub(high, low))",
            "return torch.cat([scaled, torch.flatten(landmarks, 1)], 1)"),
        "upside down and back": pose_vector(
            "scaled = 1 - (high - expression) / (high - low)",
            "return torch.cat([scaled, landmarks.flatten(1)], 1)"),
        "a loop over poses": pose_vector(
            "rows = []",
            "for e, points in zip(expression, landmarks):",
            "    rows.append(torch.cat([(e - low) / (high - low), points.flatten()]))",
            "return torch.stack(rows)"),
        "a loop over numbers": pose_vector(
            "columns = [(expression[:, i] - low[i]) / (high[i] - low[i])",
            "           for i in range(len(low))]",
            "for i in range(landmarks.shape[1]):",
            "    columns += [landmarks[:, i, 0], landmarks[:, i, 1]]",
            "return torch.stack(columns, 1)"),
        "filled in": pose_vector(
            "n, count = expression.shape",
            "y = torch.empty(n, count + 2 * landmarks.shape[1])",
            "y[:, :count] = (expression - low) / (high - low)",
            "y[:, count:] = landmarks.flatten(1)",
            "return y"),
        "the inverse lerp": pose_vector(
            "scaled = (expression - low[None, :]) * (1 / (high - low))[None, :]",
            "return torch.cat([scaled, landmarks.view(landmarks.shape[0], -1)], 1)"),
    },
    "mean_embedding": {
        "the library's lines": mean_embedding(NK, EACH, "return e.unflatten(0, (n, k)).mean(1)"),
        "in one line": mean_embedding(
            "return E(pictures.flatten(0, 1)).unflatten(0, pictures.shape[:2]).mean(1)"),
        "reshape": mean_embedding(
            "n, k, c, h, w = pictures.shape",
            "e = E(pictures.reshape(n * k, c, h, w))",
            "return e.reshape(n, k, -1).mean(dim=1)"),
        "view": mean_embedding(NK, EACH, "return e.view(n, k, -1).mean(1)"),
        "a sum divided": mean_embedding(NK, EACH, "return e.unflatten(0, (n, k)).sum(1) / k"),
        "person by person": mean_embedding(
            "return torch.stack([E(own).mean(0) for own in pictures])"),
        "picture by picture": mean_embedding(
            "k = pictures.shape[1]",
            "return torch.stack([E(pictures[:, i]) for i in range(k)]).mean(0)"),
        "added up": mean_embedding(
            "total = 0",
            "for i in range(pictures.shape[1]):",
            "    total = total + E(pictures[:, i])",
            "return total / pictures.shape[1]"),
        "torch.mean": mean_embedding(NK, EACH, "return torch.mean(e.unflatten(0, (n, k)), 1)"),
        "chunks": mean_embedding(
            EACH, "return torch.stack([own.mean(0) for own in e.chunk(len(pictures))])"),
        "split": mean_embedding(
            NK, EACH, "return torch.stack([own.mean(0) for own in e.split(k)])"),
        "unbound": mean_embedding(
            "return sum(E(x) for x in pictures.unbind(1)) / pictures.shape[1]"),
    },
    "generator_loss": {
        "the library's line": loss(f"return (fake - truth).abs().mean() + weight * {D_PART}"),
        "in two lines": loss(L1, f"return l1 + weight * {D_PART}"),
        "F.l1_loss": loss(f"return F.l1_loss(fake, truth) + weight * {D_PART}"),
        "torch.mean of torch.abs": loss(
            f"return torch.mean(torch.abs(truth - fake)) + {D_PART} * weight"),
        "with bce": loss(L1, "return l1 + weight * losses.bce(fake_logits, 1)"),
        "with softplus": loss(L1, "return l1 + weight * F.softplus(-fake_logits).mean()"),
        "with logsigmoid": loss(L1, "return l1 - weight * F.logsigmoid(fake_logits).mean()"),
        "torch's BCE": loss(
            L1, "ones = torch.ones_like(fake_logits)",
            "return l1 + weight * F.binary_cross_entropy_with_logits(fake_logits, ones)"),
        "step by step": loss(
            "loss = (fake - truth).abs().mean()",
            f"loss = loss + weight * {D_PART}",
            "return loss"),
        "a mean of means": loss(
            "each = (fake - truth).abs().flatten(1).mean(1)",
            f"return each.mean() + weight * {D_PART}"),
        "a sum divided": loss(
            "l1 = (fake - truth).abs().sum() / fake.numel()",
            f"return l1 + weight * {D_PART}"),
        "the library's own": loss(f"return F.l1_loss(fake, truth) + weight * losses.{D_PART}"),
    },
}

WRONG = {
    "pose_vector": {
        "nothing": (pose_vector(SCALED), "gave nothing back"),
        "not scaled": (pose_vector("return torch.cat([expression, landmarks.flatten(1)], 1)"),
                       "Subtract low, then divide"),
        "not divided": (pose_vector(
            "return torch.cat([expression - low, landmarks.flatten(1)], 1)"), "high - low"),
        "not moved": (pose_vector(
            "return torch.cat([expression / (high - low), landmarks.flatten(1)], 1)"),
            "Subtract low first"),
        "by high": (pose_vector(
            "return torch.cat([(expression - low) / high, landmarks.flatten(1)], 1)"),
            "not by high"),
        "no brackets": (pose_vector(
            "return torch.cat([expression - low / (high - low), landmarks.flatten(1)], 1)"),
            "Brackets"),
        "half the brackets": (pose_vector(
            "return torch.cat([(expression - low) / high - low, landmarks.flatten(1)], 1)"),
            "Brackets"),
        "upside down": (pose_vector(
            "scaled = (high - expression) / (high - low)",
            "return torch.cat([scaled, landmarks.flatten(1)], 1)"), "upside down"),
        "from -1 to 1": (pose_vector(
            SCALED, "return torch.cat([2 * scaled - 1, landmarks.flatten(1)], 1)"),
            "from -1 to 1"),
        "landmarks first": (pose_vector(
            SCALED, "return torch.cat([landmarks.flatten(1), scaled], 1)"),
            "The expression comes first"),
        "no landmarks": (pose_vector(SCALED, "return scaled"), "landmarks are missing"),
        "landmarks alone": (pose_vector("return landmarks.flatten(1)"),
                            "expression is missing"),
        "all x first": (pose_vector(
            SCALED, "return torch.cat([scaled, landmarks.transpose(1, 2).flatten(1)], 1)"),
            "all x first"),
        "the range that came": (pose_vector(
            "a, b = expression.amin(0), expression.amax(0)",
            "return torch.cat([(expression - a) / (b - a), landmarks.flatten(1)], 1)"),
            "not from the smallest"),
        "landmarks scaled": (pose_vector(
            SCALED, "return torch.cat([scaled, 2 * landmarks.flatten(1) - 1], 1)"),
            "Leave them as they are"),
        "the first": (pose_vector(
            SCALED, "return torch.cat([scaled, landmarks.flatten(1)], 1)[0]"),
            "first pose only"),
        "one long row": (pose_vector(
            SCALED, "return torch.cat([scaled.flatten(), landmarks.flatten()])"),
            "one long row"),
        "the middle of x and y": (pose_vector(
            SCALED, "return torch.cat([scaled, landmarks.mean(2)], 1)"), "x and y"),
        "not flat": (pose_vector(SCALED, "return torch.cat([scaled, landmarks], 1)"),
                     "stopped"),
        "below each other": (pose_vector(
            SCALED, "return torch.cat([scaled, landmarks.flatten(1)])"), "stopped"),
        "a list": (pose_vector(SCALED, "return [scaled, landmarks.flatten(1)]"),
                   "should give a tensor"),
        "detached": (pose_vector(
            SCALED, "return torch.cat([scaled, landmarks.flatten(1)], 1).detach()"),
            "no gradient"),
        "in place": (pose_vector(
            "scaled = expression.detach()",
            "scaled -= low",
            "scaled /= high - low",
            "return torch.cat([scaled, landmarks.flatten(1)], 1)"), "changed its argument"),
        "the example by heart": (pose_vector(
            "return torch.tensor([[0.75, 0.25, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6]])"),
            "should give"),
    },
    "mean_embedding": {
        "nothing": (mean_embedding(NK, EACH), "gave nothing back"),
        "no mean": (mean_embedding("return E(pictures.flatten(0, 1))"),
                    "for each picture"),
        "not yet a mean": (mean_embedding(NK, EACH, "return e.unflatten(0, (n, k))"),
                           "still k embeddings"),
        "over people": (mean_embedding(NK, EACH, "return e.unflatten(0, (n, k)).mean(0)"),
                        "mean over people"),
        "over numbers": (mean_embedding(NK, EACH, "return e.unflatten(0, (n, k)).mean(2)"),
                         "an embedding's numbers"),
        "a sum": (mean_embedding(NK, EACH, "return e.unflatten(0, (n, k)).sum(1)"),
                  "add the embeddings up"),
        "the largest": (mean_embedding(NK, EACH, "return e.unflatten(0, (n, k)).amax(1)"),
                        "largest"),
        "the median": (mean_embedding(
            NK, EACH, "return e.unflatten(0, (n, k)).median(1).values"), "median"),
        "the first": (mean_embedding("return E(pictures[:, 0])"), "first picture alone"),
        "the first of all": (mean_embedding(
            NK, EACH, "return e.unflatten(0, (n, k))[:, 0]"), "first picture alone"),
        "the last": (mean_embedding("return E(pictures[:, -1])"), "last picture alone"),
        "a blur": (mean_embedding("return E(pictures.mean(1))"), "Embed each picture first"),
        "k and n": (mean_embedding(
            NK, EACH, "return e.unflatten(0, (k, n)).mean(0)"), "one after the other"),
        "mixed up": (mean_embedding(
            NK, "e = E(pictures.transpose(0, 1).flatten(0, 1))",
            "return e.unflatten(0, (n, k)).mean(1)"), "mixed up"),
        "everybody": (mean_embedding(EACH, "return e.mean(0)"), "for everybody"),
        "everybody in a row": (mean_embedding(EACH, "return e.mean(0, keepdim=True)"),
                               "for everybody"),
        "keepdim": (mean_embedding(
            NK, EACH, "return e.unflatten(0, (n, k)).mean(1, keepdim=True)"), "keepdim"),
        "length 1": (mean_embedding(
            NK, EACH, "return F.normalize(e.unflatten(0, (n, k)).mean(1), dim=1)"),
            "length 1"),
        "five axes into E": (mean_embedding("return E(pictures).mean(1)"), "Not yet"),
        "detached": (mean_embedding(
            NK, EACH, "return e.detach().unflatten(0, (n, k)).mean(1)"), "no gradient"),
        "no_grad": (mean_embedding(
            NK, "with torch.no_grad():", "    " + EACH,
            "return e.unflatten(0, (n, k)).mean(1)"), "no gradient"),
        "always 4": (mean_embedding(EACH, "return e.unflatten(0, (-1, 4)).mean(1)"), "stopped"),
        "a list": (mean_embedding("return [E(own).mean(0) for own in pictures]"),
                   "should give a tensor"),
        "no brackets": (mean_embedding(NK, EACH, "return e.unflatten(0, n, k).mean(1)"),
                        "stopped"),
    },
    "generator_loss": {
        "nothing": (loss(L1), "gave nothing back"),
        "L1 alone": (loss("return (fake - truth).abs().mean()"), "D plays no role"),
        "D alone": (loss(f"return {D_PART}"), "truth plays no role"),
        "D alone, weighed": (loss(f"return weight * {D_PART}"), "truth plays no role"),
        "no weight": (loss(L1, f"return l1 + {D_PART}"), "weight is missing"),
        "the wrong weight": (loss(L1, f"return weight * l1 + {D_PART}"), "not to L1"),
        "both weighed": (loss(L1, f"return weight * (l1 + {D_PART})"), "D's part alone"),
        "a mixture": (loss(L1, f"return (1 - weight) * l1 + weight * {D_PART}"),
                      "counts in full"),
        "a minus": (loss(L1, f"return l1 - weight * {D_PART}"), "plus, not minus"),
        "a product": (loss(L1, f"return l1 * weight * {D_PART}"), "do not multiply"),
        "D's view": (loss(L1, "return l1 + weight * losses.bce(fake_logits, 0)"),
                     "D's view"),
        "minimax": (loss(L1, "return l1 + weight * minimax_loss(fake_logits)"), "minimax"),
        "squares": (loss("l1 = (fake - truth).square().mean()",
                         f"return l1 + weight * {D_PART}"), "square"),
        "no abs": (loss(f"return (fake - truth).mean() + weight * {D_PART}"), ".abs()"),
        "abs at the end": (loss(f"return (fake - truth).mean().abs() + weight * {D_PART}"),
                           ".abs()"),
        "a sum": (loss(f"return (fake - truth).abs().sum() + weight * {D_PART}"),
                  "add up all pixels"),
        "a sum a picture": (loss(
            f"return (fake - truth).abs().sum((1, 2, 3)).mean() + weight * {D_PART}"),
            "add up a picture's pixels"),
        "the logits": (loss(L1, "return l1 + weight * fake_logits.mean()"), "Logits alone"),
        "minus the logits": (loss(L1, "return l1 - weight * fake_logits.mean()"),
                             "Logits alone"),
        "no logarithm": (loss(L1, "return l1 + weight * (1 - fake_logits.sigmoid()).mean()"),
                         "not its logarithm"),
        "one a picture": (loss("each = (fake - truth).abs().mean((1, 2, 3))",
                               f"return each + weight * {D_PART}"), "one number a picture"),
        "weight added": (loss(L1, f"return l1 + weight + {D_PART}"), "factor"),
        "always 0.1": (loss(L1, f"return l1 + 0.1 * {D_PART}"), "argument weight"),
        "sigmoid first": (loss(
            L1, "return l1 + weight * -fake_logits.sigmoid().log().mean()"), "-200"),
        "detached": (loss(L1, f"return (l1 + weight * {D_PART}).detach()"), "no gradient"),
        "D detached": (loss(
            L1, "return l1 + weight * non_saturating_loss(fake_logits.detach())"), "gradient"),
        "a float": (loss(L1, f"return l1.item() + weight * {D_PART}.item()"),
                    "should give a tensor"),
    },
}
