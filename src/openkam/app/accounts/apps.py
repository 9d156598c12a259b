from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "openkam.app.accounts"
    label = "accounts"
