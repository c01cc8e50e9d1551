import gettext
import io

import pytest

from config import translations
from config.translations import collect, compiled, is_translated, problems, read, texts_of, update


@pytest.fixture
def catalogue(monkeypatch, tmp_path):
    """An empty catalogue, and code of one app with two texts in it."""
    app = tmp_path / "users"
    app.mkdir()
    (app / "models.py").write_text('from x import gettext_lazy as _\nNAME = _("Hello %(name)s")\n')
    (app / "page.html").write_text('{% load i18n %}\n    {% translate "Welcome" %}\n')
    folder = tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES"
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    monkeypatch.setattr(translations, "FOLDER", folder)
    monkeypatch.setattr(translations, "SOURCE", folder / "django.po")
    monkeypatch.setattr(translations, "COMPILED", folder / "django.mo")
    monkeypatch.setattr(translations, "package", lambda name: tmp_path / "nothing")
    return folder / "django.po"


def translate(catalogue, english, chinese):
    text = catalogue.read_text()
    catalogue.write_text(
        text.replace(f'msgid "{english}"\nmsgstr ""', f'msgid "{english}"\nmsgstr "{chinese}"')
    )


class TestTextsOf:
    @pytest.mark.parametrize(
        ("name", "source", "found"),
        [
            ("a.py", '_("one")', [("one", None)]),
            ("a.py", 'ngettext("%d day", "%d days", n)', [(("%d day", "%d days"), None)]),
            ("a.py", 'pgettext("button", "Send")', [("Send", "button")]),
            ("a.py", 'call("nothing")', []),
            ("a.html", "{% load i18n %}{% translate 'one' %}", [("one", None)]),
            ("a.html", "{% load i18n %}\n   {% if a %}\n{% trans 'it''s' %}{% endif %}", [("it", None)]),
            (
                "a.html",
                "{% load i18n %}<p>\n  {% blocktranslate trimmed %}\n Dear\n {{ name }}\n{% endblocktranslate %}",
                [("Dear %(name)s", None)],
            ),
            (
                "a.html",
                "{% load i18n %}{% blocktranslate count n=n %}a{% plural %}{{ n }} b{% endblocktranslate %}",
                [(("a", "%(n)s b"), None)],
            ),
            ("a.html", "no tags, so _('nothing')", []),
        ],
    )
    def test_finds_what_is_marked(self, tmp_path, name, source, found):
        path = tmp_path / name
        path.write_text(source)
        assert list(texts_of(path)) == found


class TestCollect:
    def test_takes_texts_of_the_admin_theme_that_django_does_not_translate(self):
        texts = {message.id for message in collect()}
        assert "Type to search" in texts
        assert "Delete" not in texts


class TestProblems:
    def test_names_what_has_no_translation_and_then_nothing(self, catalogue):
        update()
        assert [line.partition(" (")[0] for line in problems()] == [
            "not translated: 'Hello %(name)s'",
            "not translated: 'Welcome'",
        ]
        translate(catalogue, "Hello %(name)s", "%(name)s，你好")
        translate(catalogue, "Welcome", "欢迎")
        assert problems() == [
            "locale/zh_Hans/LC_MESSAGES/django.mo is older than its source. Run: python3 up.py messages"
        ]
        update()
        assert problems() == []
        assert (
            gettext.GNUTranslations(io.BytesIO(translations.COMPILED.read_bytes())).gettext("Welcome")
            == "欢迎"
        )

    def test_names_a_translation_that_lost_its_placeholder(self, catalogue):
        update()
        translate(catalogue, "Hello %(name)s", "你好")
        assert "other placeholders than the original: 'Hello %(name)s'" in problems()


class TestUpdate:
    def test_changes_nothing_the_second_time(self, catalogue):
        update()
        before = catalogue.read_bytes(), translations.COMPILED.read_bytes()
        update()
        assert (catalogue.read_bytes(), translations.COMPILED.read_bytes()) == before

    def test_keeps_translations_and_drops_what_is_no_longer_said(self, catalogue, tmp_path):
        update()
        translate(catalogue, "Welcome", "欢迎")
        (tmp_path / "users" / "models.py").unlink()
        update()
        assert [(message.id, message.string) for message in read() if message.id] == [("Welcome", "欢迎")]


class TestIsTranslated:
    def test_asks_for_every_plural(self, catalogue):
        catalog = read()
        catalog.add(("%(n)s day", "%(n)s days"), ("%(n)s 天",))
        catalog.add("open", "")
        assert is_translated(catalog.get(("%(n)s day", "%(n)s days")))
        assert not is_translated(catalog.get("open"))
        assert compiled(catalog)
