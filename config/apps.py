from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """The project itself as an app, so that every process that sets up Django uses our Celery application.

    Without it a web process would send its bells through Celery's default application, to a broker that
    is not ours.
    """

    name = "config"

    def ready(self) -> None:
        from config.celery import app

        app.set_default()
