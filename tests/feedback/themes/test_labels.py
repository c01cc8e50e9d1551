from feedback.themes.labels import reader_label


class TestReaderLabel:
    def test_falls_back_to_what_was_spoken(self):
        assert reader_label({"es": "No carga"}, "zh-hans") == "No carga"

    def test_puts_a_gloss_before_the_label_for_those_who_have_none(self):
        labels = {"zh": "账号被冻结"}
        glosses = {"en": "Account frozen"}
        assert reader_label(labels, "en", glosses=glosses) == "Account frozen · 账号被冻结"
        assert reader_label(labels, "zh-hans", glosses=glosses) == "账号被冻结"
        assert reader_label(labels, glosses=glosses) == "账号被冻结"

    def test_shows_a_gloss_instead_of_a_label_that_says_it_worse(self):
        labels = {"en": "Without code"}
        glosses = {"en": "Verification code does not arrive"}
        assert reader_label(labels, "en", glosses=glosses) == "Verification code does not arrive"
        assert reader_label(labels, "zh-hans", glosses=glosses) == "Verification code does not arrive"

    def test_falls_back_to_the_commonest_language_whatever_the_order(self):
        labels = {"ja": "読み込めない", "vi": "Không tải được"}
        assert reader_label(labels, "en", commonest="vi") == "Không tải được"
        assert reader_label(labels, "en") == "読み込めない"
        assert reader_label(labels, "en", commonest="ko") == "読み込めない"

    def test_is_empty_without_labels(self):
        assert reader_label({}) == ""
