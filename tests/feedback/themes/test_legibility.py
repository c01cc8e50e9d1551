import numpy as np

from feedback.themes.labels import Label
from feedback.themes.legibility import Legibility, score_labels

TEXTS = [
    "the refund never arrived",
    "refund is late",
    "no refund yet",
    "the app crashes on start",
    "it crashes all day",
    "crashes again",
]
SUBJECTS = ["refund"] * 3 + ["crash"] * 3
THEMES = np.array([0, 0, 0, 1, 1, 1])


def scored(*names: str) -> Legibility:
    labels = {theme: [Label(theme, "en", name, (name,), 3)] for theme, name in enumerate(names)}
    return score_labels(TEXTS, SUBJECTS, ["en"] * 6, THEMES, labels)


class TestScoreLabels:
    def test_gives_full_marks_to_names_that_say_it(self):
        assert scored("Refund never arrived", "Crashes on start") == Legibility(1.0, 1.0, 1.0, 0.0)

    def test_marks_a_name_that_leads_elsewhere(self):
        found = scored("Crashes all day", "Crashes on start")
        assert found.leads_to_subject == 0.5
        assert found.covers_elsewhere == 0.5

    def test_marks_a_name_that_says_nothing_of_what_happens(self):
        assert scored("Refund", "App").says_what_happens == 0.0

    def test_counts_a_label_among_the_messages_of_its_language(self):
        texts, languages = [*TEXTS, "退款没到账", "退款太慢"], ["en"] * 6 + ["zh-Hans"] * 2
        labels = {
            0: [Label(0, "en", "Refund is late", ("Refund is late",), 3), Label(0, "zh", "退款没到账", (), 2)]
        }
        found = score_labels(
            texts, [*SUBJECTS, "refund", "refund"], languages, np.array([*THEMES, 0, 0]), labels
        )
        assert (found.leads_to_subject, found.covers) == (1.0, 1.0)

    def test_scores_no_labels_as_nothing(self):
        assert score_labels([], [], [], np.zeros(0, np.int64), {}) == Legibility(0.0, 0.0, 0.0, 0.0)
