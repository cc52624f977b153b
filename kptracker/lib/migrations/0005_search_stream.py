from django.db import migrations, models

# The order of stems moves into a table of its own: long phrases are looked for in a thousand
# entries at a time, and the rest of a row is several times as long.
COPY = "INSERT INTO lib_searchstream (no, stems) SELECT no, stream FROM lib_searchterms"
# PostgreSQL keeps up to a page of them in the row itself, as they are.
POSTGRESQL = """
ALTER TABLE lib_searchstream SET (toast_tuple_target = 8160);
ALTER TABLE lib_searchstream ALTER COLUMN stems SET STORAGE MAIN;
"""


def keep_in_rows(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)


class Migration(migrations.Migration):
    dependencies = [
        ("lib", "0004_brought_files"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchStream",
            fields=[
                ("no", models.BigIntegerField(primary_key=True, serialize=False)),
                ("stems", models.TextField()),
            ],
        ),
        migrations.RunPython(keep_in_rows, migrations.RunPython.noop),
        migrations.RunSQL(COPY),
        migrations.RemoveField(model_name="searchterms", name="stream"),
    ]
