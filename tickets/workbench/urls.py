"""The desk, under /admin/desk/."""

from django.urls import path

from tickets.workbench.views import (
    conversation,
    crisis,
    files,
    inbox,
    joining,
    knowledge,
    mail,
    saved,
    search,
)

app_name = "desk"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("counts/", inbox.counts, name="counts"),
    path("mentions/mail/", inbox.choose_mention_mail, name="mention_mail"),
    path("bulk/", inbox.bulk, name="bulk"),
    path("views/", saved.save_view, name="save_view"),
    path("views/<uuid:view_id>/remove/", saved.remove_view, name="remove_view"),
    path("search/", search.results, name="search"),
    path("mail/", mail.outgoing_mail, name="mail"),
    path("mail/<int:delivery_id>/", mail.one_mail, name="one_mail"),
    path("mail/<int:delivery_id>/html/", mail.mail_html, name="mail_html"),
    path("mail/<int:delivery_id>/again/", mail.send_mail_again, name="send_again"),
    path("crisis/", crisis.crisis_queue, name="crisis"),
    path("crisis/pages/<int:page_id>/take/", crisis.take_page, name="take_page"),
    path("<uuid:public_id>/", conversation.conversation, name="conversation"),
    path("<uuid:public_id>/next/", conversation.step, name="next"),
    path("<uuid:public_id>/reply/", conversation.send_reply, name="reply"),
    path("<uuid:public_id>/note/", conversation.save_note, name="note"),
    path("<uuid:public_id>/mentionable/", conversation.mentionable, name="mentionable"),
    path("<uuid:public_id>/follow/", conversation.follow_ticket, name="follow"),
    path("<uuid:public_id>/unfollow/", conversation.unfollow_ticket, name="unfollow"),
    path("<uuid:public_id>/draft/", conversation.save_draft, name="draft"),
    path("<uuid:public_id>/draft/files/", conversation.add_file, name="add_file"),
    path("<uuid:public_id>/draft/files/<uuid:file_id>/remove/", conversation.remove_file, name="remove_file"),
    path("<uuid:public_id>/change/", conversation.change, name="change"),
    path("<uuid:public_id>/join/", joining.join, name="join"),
    path("<uuid:public_id>/split/", joining.split_off, name="split"),
    path("<uuid:public_id>/part/", joining.part, name="part"),
    path("<uuid:public_id>/links/<int:link_id>/remove/", joining.remove_link, name="remove_link"),
    path("<uuid:public_id>/call/<int:taken>/", crisis.call_next_person, name="call_next"),
    path("<uuid:public_id>/presence/", conversation.presence, name="presence"),
    path("<uuid:public_id>/canned/", conversation.canned, name="canned"),
    path("<uuid:public_id>/knowledge/", knowledge.knowledge, name="knowledge"),
    path("<uuid:public_id>/files/<uuid:file_id>/", files.attachment, name="file"),
    path("<uuid:public_id>/original/<uuid:message_id>/", files.original, name="original"),
]
