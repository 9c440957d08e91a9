from django.db import migrations

ROLES = ["viewer", "council member", "secretary", "product manager", "admin", "integration"]


def make_roles(apps, schema_editor):
    """What a role may do is in `backlog.rules.roles`; the database only knows who has which."""
    group = apps.get_model("auth", "Group")
    for name in ROLES:
        group.objects.get_or_create(name=name)


class Migration(migrations.Migration):
    dependencies = [("backlog", "0001_initial")]

    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
