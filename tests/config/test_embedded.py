from django.db import connection


class TestServer:
    def test_takes_chinese_characters_for_letters(self, db):
        with connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            cursor.execute("SELECT similarity('视频加载', '视频')")
            assert cursor.fetchone()[0] > 0
