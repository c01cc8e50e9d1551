from feedback.themes.labels import Label, reader_label


class TestReaderLabel:
    def test_falls_back_to_what_was_spoken(self):
        assert reader_label([Label(0, "es", "No carga", ("no carga",), 3)], "zh-hans") == "No carga"

    def test_puts_a_gloss_before_the_label_for_those_who_have_none(self):
        labels = [Label(0, "zh", "账号被冻结", ("账号被冻结",), 3)]
        glosses = {"en": "Account frozen"}
        assert reader_label(labels, "en", glosses=glosses) == "Account frozen · 账号被冻结"
        assert reader_label(labels, "zh-hans", glosses=glosses) == "账号被冻结"
        assert reader_label(labels, glosses=glosses) == "账号被冻结"

    def test_shows_a_gloss_instead_of_a_label_that_says_it_worse(self):
        labels = [Label(0, "en", "Without code", ("without code",), 3)]
        glosses = {"en": "Verification code does not arrive"}
        assert reader_label(labels, "en", glosses=glosses) == "Verification code does not arrive"
        assert reader_label(labels, "zh-hans", glosses=glosses) == "Without code"

    def test_is_empty_without_labels(self):
        assert reader_label([]) == ""
