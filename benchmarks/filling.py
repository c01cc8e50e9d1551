"""Fill an installation with any number of tickets, by the database alone: a hundred thousand in seconds."""

from __future__ import annotations

import psycopg

# Words that make searching mean something: common ones, rarer ones, Chinese and English.
SUBJECTS = [
    "视频加载不出来 一直转圈",
    "充值没有到账 请帮我查一下",
    "Upload stops at 99 percent",
    "Captions are out of sync",
    "账号被封了 没有任何理由",
    "Refund of the subscription",
    "直播间声音太小",
    "Dark mode please",
]

CUSTOMERS = """
INSERT INTO users_customer (public_id, display_name, segment, is_minor, origin, created_at)
SELECT gen_random_uuid(), 'Customer ' || n, 'standard', false, 'import', now() - n * interval '1 minute'
  FROM generate_series(%(first)s::bigint, %(last)s::bigint) n
"""
# One message, one assessment, one ticket per feedback; the newest hundredth is urgent.
ROWS = """
WITH n AS (
  SELECT n, (array[%(subjects)s])[1 + n %% {subjects}] AS subject, now() - (%(last)s - n) * interval '1 minute' AS at
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) n
), fb AS (
  INSERT INTO feedback_feedback (public_id, channel_id, customer_id, subject, topic_hint, language, app_version,
    platform, device, page, origin, state, received_at, last_message_at)
  SELECT gen_random_uuid(), (SELECT id FROM feedback_channel LIMIT 1),
    (SELECT max(id) FROM users_customer) - (n %% 1000), subject, '', '', '8.4.' || n %% 7,
    'android', '', 'n' || n, 'import', 'received', at, at FROM n RETURNING id, subject, received_at, page
), msg AS (
  INSERT INTO feedback_message (public_id, feedback_id, channel_id, direction, external_id, content_hash, text,
    html, author_name, is_automatic, danger_hits, origin, sent_at, received_at)
  SELECT gen_random_uuid(), id, (SELECT id FROM feedback_channel LIMIT 1), 'in', gen_random_uuid()::text,
    repeat('h', 64), subject || ' order ' || 100000000 + id, '', '', false, '[]', 'import', received_at, received_at
    FROM fb RETURNING id, feedback_id, received_at
), judged AS (
  INSERT INTO feedback_assessment (message_id, language, language_confidence, sentiment, is_sentiment_sure, tone,
    urgency, lane, categories, topic, flags, reasons, model_version, assessed_at)
  SELECT id, 'en', 1, -0.3, true, 'neutral', 0.1, 'none', '[]', 'bug', '{{}}', '[]', 'filled', received_at FROM msg
)
INSERT INTO tickets_ticket (feedback_id, public_id, subject, status, priority, queue_id, topic, language, urgency,
  lane, category, flags, is_sensitive, sentiment, origin, opened_at, updated_at, last_customer_at,
  first_reply_due_at, solve_due_at, due_at, reopened_count, version)
SELECT id, gen_random_uuid(), subject, CASE WHEN id %% 4 = 0 THEN 'solved' ELSE 'new' END, 2,
  (SELECT id FROM tickets_queue WHERE slug = 'support'), 'bug', 'en', 0.1, 'none', '', '{{}}', false, -0.3, 'import',
  received_at, received_at, received_at, received_at + interval '1 day', received_at + interval '3 days',
  received_at + interval '1 day', 0, 0 FROM fb
"""


def fill(database_url: str, count: int) -> None:
    """Add ``count`` tickets with customer, feedback, message and assessment, and let the planner know."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        last = connection.execute("SELECT count(*) FROM tickets_ticket").fetchone()[0]  # type: ignore[index]
        bounds = {"first": last + 1, "last": last + count, "subjects": SUBJECTS}
        connection.execute(CUSTOMERS, {"first": 1, "last": 1000})
        query = ROWS.format(subjects=len(SUBJECTS)).replace("array[%(subjects)s]", "%(subjects)s::text[]")
        connection.execute(query, bounds)
        connection.execute("VACUUM ANALYZE")
