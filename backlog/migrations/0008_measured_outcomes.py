import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('backlog', '0007_lists_by_priority'),
    ]

    operations = [
        migrations.CreateModel(
            name='Capacity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('days', models.DecimalField(decimal_places=1, max_digits=6, verbose_name='person-days')),
            ],
            options={
                'verbose_name': 'capacity',
                'verbose_name_plural': 'capacities',
            },
        ),
        migrations.CreateModel(
            name='Effort',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('days', models.DecimalField(decimal_places=1, max_digits=6, verbose_name='person-days')),
            ],
            options={
                'verbose_name': 'effort',
                'verbose_name_plural': 'efforts',
            },
        ),
        migrations.CreateModel(
            name='Measurement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('design', models.CharField(choices=[('before_after', 'before and after'), ('ab', 'A/B: control and variant')], default='before_after', max_length=12, verbose_name='compared')),
                ('before_n', models.PositiveIntegerField(verbose_name='sample before, or of the control')),
                ('after_n', models.PositiveIntegerField(verbose_name='sample after, or of the variant')),
                ('before_conversions', models.PositiveIntegerField(blank=True, null=True, verbose_name='conversions before, or of the control')),
                ('after_conversions', models.PositiveIntegerField(blank=True, null=True, verbose_name='conversions after, or of the variant')),
                ('before_mean', models.DecimalField(blank=True, decimal_places=4, max_digits=16, null=True, verbose_name='average before, or of the control')),
                ('after_mean', models.DecimalField(blank=True, decimal_places=4, max_digits=16, null=True, verbose_name='average after, or of the variant')),
                ('before_spread', models.DecimalField(blank=True, decimal_places=4, max_digits=16, null=True, verbose_name='standard deviation before, or of the control')),
                ('after_spread', models.DecimalField(blank=True, decimal_places=4, max_digits=16, null=True, verbose_name='standard deviation after, or of the variant')),
                ('is_less_better', models.BooleanField(default=False, verbose_name='less is better')),
                ('measured_at', models.DateTimeField(verbose_name='measured at')),
            ],
            options={
                'verbose_name': 'measurement',
                'verbose_name_plural': 'measurements',
            },
        ),
        migrations.RemoveField(
            model_name='outcome',
            name='measured_at',
        ),
        migrations.RemoveField(
            model_name='outcome',
            name='measured_value',
        ),
        migrations.AddField(
            model_name='outcome',
            name='shipped_where',
            field=models.CharField(blank=True, help_text='A version, a channel or a region, as customers know it: they read it too.', max_length=100, verbose_name='shipped where'),
        ),
        migrations.AddField(
            model_name='reply',
            name='satisfaction',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='satisfaction'),
        ),
        migrations.AddConstraint(
            model_name='outcome',
            constraint=models.CheckConstraint(condition=models.Q(('shipped_at__isnull', False), ('shipped_where', ''), _connector='OR'), name='backlog_outcome_shipped_somewhere_only_if_shipped'),
        ),
        migrations.AddConstraint(
            model_name='reply',
            constraint=models.CheckConstraint(condition=models.Q(('satisfaction__isnull', True), ('satisfaction__range', (1, 5)), _connector='OR'), name='backlog_reply_satisfaction_from_1_to_5'),
        ),
        migrations.AddField(
            model_name='capacity',
            name='department',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='backlog.department', verbose_name='department'),
        ),
        migrations.AddField(
            model_name='capacity',
            name='sprint',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='capacities', to='backlog.sprint', verbose_name='sprint'),
        ),
        migrations.AddField(
            model_name='effort',
            name='commitment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='efforts', to='backlog.commitment', verbose_name='commitment'),
        ),
        migrations.AddField(
            model_name='effort',
            name='department',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='backlog.department', verbose_name='department'),
        ),
        migrations.AddField(
            model_name='measurement',
            name='measured_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='measured by'),
        ),
        migrations.AddField(
            model_name='measurement',
            name='outcome',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='measurements', to='backlog.outcome', verbose_name='outcome'),
        ),
        migrations.AddConstraint(
            model_name='capacity',
            constraint=models.UniqueConstraint(fields=('sprint', 'department'), name='backlog_capacity_one_per_department'),
        ),
        migrations.AddConstraint(
            model_name='capacity',
            constraint=models.CheckConstraint(condition=models.Q(('days__gt', 0)), name='backlog_capacity_more_than_nothing'),
        ),
        migrations.AddConstraint(
            model_name='effort',
            constraint=models.UniqueConstraint(fields=('commitment', 'department'), name='backlog_effort_one_per_department'),
        ),
        migrations.AddConstraint(
            model_name='effort',
            constraint=models.CheckConstraint(condition=models.Q(('days__gt', 0)), name='backlog_effort_more_than_nothing'),
        ),
        migrations.AddConstraint(
            model_name='measurement',
            constraint=models.CheckConstraint(condition=models.Q(('design__in', ['before_after', 'ab'])), name='backlog_measurement_design_known'),
        ),
        migrations.AddConstraint(
            model_name='measurement',
            constraint=models.CheckConstraint(condition=models.Q(('after_n__gte', 1), ('before_n__gte', 1)), name='backlog_measurement_has_two_samples'),
        ),
        migrations.AddConstraint(
            model_name='measurement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('before_conversions__isnull', True), ('before_conversions__lte', models.F('before_n')), _connector='OR'), models.Q(('after_conversions__isnull', True), ('after_conversions__lte', models.F('after_n')), _connector='OR')), name='backlog_measurement_conversions_within_sample'),
        ),
        migrations.AddConstraint(
            model_name='measurement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('after_conversions__isnull', False), ('after_mean__isnull', True), ('before_conversions__isnull', False), ('before_mean__isnull', True)), models.Q(('after_conversions__isnull', True), ('after_mean__isnull', False), ('before_conversions__isnull', True), ('before_mean__isnull', False)), _connector='OR'), name='backlog_measurement_shares_or_means'),
        ),
        migrations.AddConstraint(
            model_name='measurement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('after_spread__isnull', True), ('before_spread__isnull', True)), models.Q(('after_spread__gte', 0), ('after_spread__isnull', False), ('before_mean__isnull', False), ('before_spread__gte', 0), ('before_spread__isnull', False)), _connector='OR'), name='backlog_measurement_spreads_go_with_means'),
        ),
    ]
