"""The routes of the domain."""

app_name = "memories"
urlpatterns: list[object] = []
