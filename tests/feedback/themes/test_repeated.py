from feedback.analysis.encoder import encode_gist
from feedback.themes.repeated import repeated

CAMPAIGN = [
    "Dear team, please unfreeze my account, I have worked hard on it for two years",
    "dear team please unfreeze my account @kim, I have worked hard on it for two years!!",
    "Hello dear team, please unfreeze my account. I have worked hard on it for two years 🙏",
]
OWN_WORDS = [
    "why is my account frozen, I did nothing wrong at all",
    "my account got frozen after I changed the phone",
]


class TestRepeated:
    def test_finds_the_copies_and_not_those_who_say_it_in_their_own_words(self):
        texts = [*OWN_WORDS, *CAMPAIGN]
        assert repeated(texts, encode_gist(texts)).tolist() == [False, False, True, True, True]

    def test_reads_chinese(self):
        texts = [
            "请官方解封我的账号，我辛苦做了两年了",
            "请官方解封我的账号，我辛苦做了两年了！！",
            "账号为什么被封了，我什么都没有做错",
        ]
        assert repeated(texts, encode_gist(texts)).tolist() == [True, True, False]

    def test_takes_no_short_text_for_a_copy(self):
        texts = ["it crashes"] * 3
        assert not repeated(texts, encode_gist(texts)).any()

    def test_finds_none_in_one_message_or_nothing(self):
        assert not repeated(CAMPAIGN[:1], encode_gist(CAMPAIGN[:1])).any()
        assert repeated([], encode_gist([])).tolist() == []
