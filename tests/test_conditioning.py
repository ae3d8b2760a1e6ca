"""Labels of digits and of faces, and whether a fake shows what was asked for."""

import torch

from gan_lib import conditioning, data


def test_answers_of_digits_are_their_labels():
    digits = data.load("digits", n=30, device="cpu")
    assert conditioning.answers(digits) == {"digit": digits.labels}


def test_answers_of_faces_are_attributes_cut_where_the_recipe_says():
    faces = data.load("faces", n=200, device="cpu")
    found = conditioning.answers(faces)
    assert found.keys() == conditioning.ANSWERS.keys()
    assert torch.equal(found["smile"], faces.labels)
    for question, names in conditioning.ANSWERS.items():
        cuts = conditioning.CUTS.get(question)
        values, answers = faces.attributes[question], found[question]
        assert answers.dtype == torch.int64
        expected = values if cuts is None else sum((values > cut).long() for cut in cuts)
        assert torch.equal(answers, expected)
        assert answers.unique().tolist() == list(range(len(names)))


