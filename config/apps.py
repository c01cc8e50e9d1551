from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """The project itself, so that every process that sets Django up has our Celery application.

    Without it a web process would ring a bell that hangs nowhere: Celery's own default application,
    on a broker that is not ours.
    """

    name = "config"

    def ready(self) -> None:
        from config.celery import app

        app.set_default()
