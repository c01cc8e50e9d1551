"""What people taught: near messages move, others stay, and nothing moves without bounds."""

import pytest

from feedback.analysis.artifacts import model_version
from feedback.analysis.assess import assess
from feedback.analysis.lessons import NO_LESSONS, Taught, learn
from feedback.analysis.urgency import AMBER

FALSE_ALARM = "The wheel of fortune at the end of my stream never pays the second prize to anybody"
MISSED = "the lamp your shop sends with the plant pot hums and smells of hot plastic"


class TestLearn:
    def test_names_the_set_the_same_way_each_time(self):
        taught = [Taught(FALSE_ALARM, "none"), Taught(MISSED, "safety")]

        assert learn(taught).version == learn(taught).version != ""
        assert learn(taught).version != learn(taught[:1]).version

    def test_keeps_no_text(self):
        held = repr(learn([Taught(MISSED, "safety")]))

        assert "plant pot" not in held

    def test_learns_nothing_from_texts_without_words(self):
        assert learn([Taught("", "none"), Taught("😀!!", "safety")]) is NO_LESSONS

    def test_takes_the_sentence_that_decided_and_not_the_greeting(self):
        lessons = learn([Taught(f"Hello dear team. {MISSED}. Have a nice day.", "safety")])

        greeting = assess("Hello dear team.", lessons=lessons)
        assert greeting.urgency == pytest.approx(assess("Hello dear team.").urgency, abs=0.02)

    def test_forgets_what_is_no_longer_taught(self):
        before = learn([Taught(FALSE_ALARM, "none"), Taught(MISSED, "safety")])

        after = learn([Taught(FALSE_ALARM, "none")], known=before)

        assert after.marks == before.marks[:1]
        assert after.version == learn([Taught(FALSE_ALARM, "none")]).version


class TestAssess:
    def test_hears_a_missed_case_when_it_comes_again(self):
        lessons = learn([Taught(MISSED, "safety")])

        plain, taught = assess(MISSED), assess(MISSED, lessons=lessons)

        assert taught.urgency > plain.urgency + 0.1
        assert "taught_urgent" in [reason["code"] for reason in taught.reasons]
        shares = dict(taught.categories)
        assert shares["safety"] > dict(plain.categories)["safety"]

    def test_hears_a_rewording_too_but_less(self):
        lessons = learn([Taught(MISSED, "safety")])
        reworded = "lamp from your shop is humming and there is a smell of hot plastic"

        gained = assess(reworded, lessons=lessons).urgency - assess(reworded).urgency

        assert gained > 0

    def test_calms_what_was_called_a_false_alarm(self):
        text = "he streams from the rail tracks every night and tonight he sat down"
        lessons = learn([Taught(text, "none")])

        plain, taught = assess(text), assess(text, lessons=lessons)

        assert taught.urgency < plain.urgency
        assert "taught_harmless" in [reason["code"] for reason in taught.reasons]

    def test_never_quotes_the_message_of_another_person(self):
        taught = assess(MISSED + " again", lessons=learn([Taught(MISSED, "safety")]))

        assert all(reason.get("example") != MISSED for reason in taught.reasons)

    def test_leaves_other_messages_alone(self):
        lessons = learn([Taught(MISSED, "safety"), Taught(FALSE_ALARM, "none")])

        for text in ("怎么修改昵称", "我的账号被盗了，里面的钱全没了"):
            assert assess(text, lessons=lessons).urgency == assess(text).urgency

    def test_lets_no_correction_hide_a_danger_to_life(self):
        text = "我不想活了，药已经准备好了"
        lessons = learn([Taught(text, "none"), Taught(text + "！", "none"), Taught(text + "。", "none")])

        assert assess(text, lessons=lessons).urgency >= AMBER

    def test_moves_no_further_for_a_hundred_lessons_than_for_a_few(self):
        few = learn([Taught(MISSED, "safety")] * 2)
        many = learn([Taught(MISSED, "safety")] * 100)

        assert assess(MISSED, lessons=many).urgency == assess(MISSED, lessons=few).urgency

    def test_says_which_corrections_it_knew(self):
        lessons = learn([Taught(MISSED, "safety")])

        assert assess("hello", lessons=lessons).model_version == f"{model_version()}+{lessons.version}"
        assert assess("hello").model_version == model_version()
