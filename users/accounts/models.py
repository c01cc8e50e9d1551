from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A person who logs in: an agent, a lead, an administrator, or a customer with an account."""
