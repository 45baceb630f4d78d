"""How every form of the site looks: one template for a form, one for a field."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Makes `{{ form }}` and `{{ form.name.as_field_group }}` follow the site's templates."""

    form_template_name = "shared/_form.html"
    field_template_name = "shared/_field.html"
