import backlog.db.fields
import backlog.models.feedback
import django.db.models.deletion
import django.db.models.expressions
from backlog.db import grams
from django.conf import settings
from django.db import migrations, models


def index_words(apps, editor):
    """What words are found by; the database keeps it from here on."""
    grams.make(grams.searched(apps.get_app_config("council").get_models()), editor)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('backlog', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Council',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', backlog.db.fields.PositiveIntegerField(db_default=1, default=1, editable=False, verbose_name='version')),
                ('name', backlog.db.fields.CharField(max_length=100, unique=True, verbose_name='name')),
                ('chair', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='chair')),
                ('secretary', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='secretary')),
                ('quorum_numerator', backlog.db.fields.PositiveSmallIntegerField(default=1, verbose_name='quorum: so many')),
                ('quorum_denominator', backlog.db.fields.PositiveSmallIntegerField(default=2, help_text='Of the departments whose voting seat has a holder: 2 of 3 are two thirds.', verbose_name='quorum: of so many departments')),
                ('mode', backlog.db.fields.CharField(choices=[('consent', 'consent: nobody objects'), ('majority', 'majority: so many say yes'), ('advice', 'the chair decides, after hearing all')], default='majority', max_length=16, verbose_name='decides by')),
                ('majority_numerator', backlog.db.fields.PositiveSmallIntegerField(default=1, verbose_name='majority: so many')),
                ('majority_denominator', backlog.db.fields.PositiveSmallIntegerField(default=2, help_text='1 of 2 means more than half; any larger share is enough by itself.', verbose_name='majority: of so many votes')),
                ('base', backlog.db.fields.CharField(choices=[('yes_and_no', 'of those who say yes or no'), ('cast', 'of all votes cast, abstentions among them'), ('present', 'of the departments present'), ('entitled', 'of all departments entitled to vote')], default='yes_and_no', max_length=16, verbose_name='majority counted of')),
                ('abstention', backlog.db.fields.CharField(choices=[('allowed', 'allowed'), ('reasoned', 'with a reason'), ('refused', 'not allowed')], default='allowed', max_length=16, verbose_name='abstention')),
                ('is_blind', models.BooleanField(default=True, help_text='Nobody sees the stances of others before the ballot is closed.', verbose_name='blind until closed')),
                ('search_text', backlog.db.fields.SearchField('name')),
                ('products', models.ManyToManyField(related_name='councils', to='backlog.product', verbose_name='products')),
            ],
            options={
                'verbose_name': 'council',
                'verbose_name_plural': 'councils',
                'constraints': [models.CheckConstraint(condition=models.Q(('quorum_denominator__lte', 1000), ('quorum_numerator__gte', 1), ('quorum_numerator__lte', models.F('quorum_denominator'))), name='council_council_quorum_is_a_share', violation_error_message='A quorum is a share of the departments, as 2 of 3.'), models.CheckConstraint(condition=models.Q(('majority_numerator__lte', models.F('majority_denominator')), ('majority_denominator__lte', django.db.models.expressions.CombinedExpression(models.F('majority_numerator'), '*', models.Value(2))), ('majority_denominator__gte', 1), ('majority_denominator__lte', 1000)), name='council_council_majority_is_half_or_more', violation_error_message='A majority is half or more of the votes, as 2 of 3.'), models.CheckConstraint(condition=models.Q(('mode__in', ['consent', 'majority', 'advice'])), name='council_council_mode_known'), models.CheckConstraint(condition=models.Q(('base__in', ['yes_and_no', 'cast', 'present', 'entitled'])), name='council_council_base_known'), models.CheckConstraint(condition=models.Q(('abstention__in', ['allowed', 'reasoned', 'refused'])), name='council_council_abstention_known')],
            },
        ),
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('council', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='council.council', verbose_name='council')),
                ('title', backlog.db.fields.CharField(max_length=200, verbose_name='title')),
                ('place', backlog.db.fields.CharField(blank=True, max_length=200, verbose_name='place')),
                ('starts_at', backlog.db.fields.DateTimeField(verbose_name='starts at')),
                ('minutes', backlog.db.fields.PositiveSmallIntegerField(default=60, verbose_name='length in minutes')),
                ('status', backlog.db.fields.CharField(choices=[('draft', 'draft'), ('scheduled', 'scheduled'), ('in_session', 'in session'), ('inquorate', 'inquorate'), ('minutes_draft', 'minutes being written'), ('minutes_review', 'minutes under review'), ('approved', 'minutes approved'), ('published', 'minutes published'), ('cancelled', 'cancelled')], default='scheduled', max_length=16, verbose_name='status')),
                ('opened_at', backlog.db.fields.DateTimeField(blank=True, null=True, verbose_name='started at')),
                ('ended_at', backlog.db.fields.DateTimeField(blank=True, null=True, verbose_name='ended at')),
                ('search_text', backlog.db.fields.SearchField('title', 'place')),
            ],
            options={
                'verbose_name': 'meeting',
                'verbose_name_plural': 'meetings',
                'indexes': [models.Index(fields=['-starts_at', '-id'], name='council_meeting_newest')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', ['in_session', 'inquorate'])), fields=('council',), name='council_meeting_one_under_way_of_a_council'), models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'scheduled', 'in_session', 'inquorate', 'minutes_draft', 'minutes_review', 'approved', 'published', 'cancelled'])), name='council_meeting_status_known'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('opened_at__isnull', True), ('status__in', ['draft', 'scheduled', 'cancelled'])), models.Q(('ended_at__isnull', True), ('opened_at__isnull', False), ('status__in', ['in_session', 'inquorate'])), models.Q(('ended_at__isnull', False), ('opened_at__isnull', False), ('status__in', ['minutes_draft', 'minutes_review', 'approved', 'published'])), _connector='OR'), name='council_meeting_times_match_status'), models.CheckConstraint(condition=models.Q(('minutes__gte', 5), ('minutes__lte', 1440)), name='council_meeting_lasts_up_to_a_day', violation_error_code='out_of_range', violation_error_message='A meeting lasts from five minutes to a day.')],
            },
        ),
        migrations.CreateModel(
            name='AgendaItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', backlog.db.fields.PositiveIntegerField(db_default=1, default=1, editable=False, verbose_name='version')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agenda_items', to='council.meeting', verbose_name='meeting')),
                ('request', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='agenda_items', to='backlog.customerrequest', verbose_name='request')),
                ('title', backlog.db.fields.CharField(blank=True, max_length=200, verbose_name='title')),
                ('kind', backlog.db.fields.CharField(choices=[('inform', 'inform'), ('discuss', 'discuss'), ('decide', 'decide'), ('review', 'review'), ('workshop', 'workshop')], default='decide', max_length=16, verbose_name='kind')),
                ('section', backlog.db.fields.CharField(blank=True, help_text='A heading on the agenda.', max_length=100, verbose_name='section')),
                ('presenter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='presenter')),
                ('papers', backlog.db.fields.TextField(blank=True, help_text='One a line: a title, if you like, and a link.', max_length=10000, verbose_name='papers')),
                ('reasons', backlog.db.fields.JSONField(blank=True, default=list, editable=False, max_size=2000, verbose_name='reasons')),
                ('position', backlog.db.fields.PositiveSmallIntegerField(verbose_name='position')),
                ('minutes', backlog.db.fields.PositiveSmallIntegerField(default=10, verbose_name='minutes')),
                ('status', backlog.db.fields.CharField(choices=[('proposed', 'proposed'), ('scheduled', 'scheduled'), ('active', 'being discussed'), ('decided', 'decided'), ('actioned', 'became an action'), ('informed', 'for information'), ('deferred', 'carried over'), ('withdrawn', 'withdrawn'), ('declined', 'declined')], default='scheduled', max_length=16, verbose_name='status')),
                ('proposed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
                ('activated_at', backlog.db.fields.DateTimeField(blank=True, help_text='When the meeting turned to it last.', null=True, verbose_name='taken up at')),
                ('times_deferred', backlog.db.fields.PositiveSmallIntegerField(default=0, verbose_name='times carried over')),
                ('carried_from', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='carried_to', to='council.agendaitem', verbose_name='carried over from')),
                ('search_text', backlog.db.fields.SearchField('title')),
            ],
            options={
                'verbose_name': 'agenda item',
                'verbose_name_plural': 'agenda items',
                'indexes': [models.Index(fields=['status', 'id'], name='council_agendaitem_by_status'), models.Index(fields=['position', 'id'], name='council_agendaitem_by_position')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('request__isnull', False), models.Q(('status__in', ['withdrawn', 'declined']), _negated=True)), fields=('meeting', 'request'), name='council_agendaitem_one_per_request'), models.CheckConstraint(condition=models.Q(('status__in', ['proposed', 'scheduled', 'active', 'decided', 'actioned', 'informed', 'deferred', 'withdrawn', 'declined'])), name='council_agendaitem_status_known'), models.UniqueConstraint(condition=models.Q(('status', 'active')), fields=('meeting',), name='council_agendaitem_one_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'active'), _negated=True), ('activated_at__isnull', False), _connector='OR'), name='council_agendaitem_active_since'), models.CheckConstraint(condition=models.Q(('request__isnull', False), models.Q(('title', ''), _negated=True), _connector='OR'), name='council_agendaitem_is_about_something'), models.CheckConstraint(condition=models.Q(('kind__in', ['inform', 'discuss', 'decide', 'review', 'workshop'])), name='council_agendaitem_kind_known'), models.CheckConstraint(condition=models.Q(('minutes__gte', 1), ('minutes__lte', 1440)), name='council_agendaitem_takes_a_minute_to_a_day', violation_error_code='out_of_range', violation_error_message='An item takes from one minute to a day.')],
            },
        ),
        migrations.CreateModel(
            name='ActionItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('council', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='action_items', to='council.council', verbose_name='council')),
                ('agenda_item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='action_items', to='council.agendaitem', verbose_name='agenda item')),
                ('request', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='action_items', to='backlog.customerrequest', verbose_name='request')),
                ('title', backlog.db.fields.CharField(max_length=200, verbose_name='title')),
                ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='action_items', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('due_on', backlog.db.fields.DateField(verbose_name='due on')),
                ('success_measure', backlog.db.fields.CharField(blank=True, max_length=200, verbose_name='success measure')),
                ('status', backlog.db.fields.CharField(choices=[('open', 'open'), ('blocked', 'blocked'), ('claimed_done', 'said to be done'), ('verified', 'verified'), ('reopened', 'reopened'), ('cancelled', 'cancelled')], default='open', max_length=16, verbose_name='status')),
                ('evidence', backlog.db.fields.TextField(blank=True, max_length=10000, verbose_name='evidence')),
                ('assigned_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='assigned by')),
                ('assigned_at', backlog.db.fields.DateTimeField(verbose_name='assigned at')),
                ('closed_at', backlog.db.fields.DateTimeField(blank=True, null=True, verbose_name='closed at')),
                ('search_text', backlog.db.fields.SearchField('title')),
            ],
            options={
                'verbose_name': 'action item',
                'verbose_name_plural': 'action items',
                'indexes': [models.Index(fields=['owner', 'status', 'due_on'], name='council_actionitem_my_work'), models.Index(fields=['due_on', 'id'], name='council_actionitem_by_day'), models.Index(fields=['owner', 'due_on', 'id'], name='council_actionitem_by_owner'), models.Index(fields=['council', 'due_on', 'id'], name='council_actionitem_by_council'), models.Index(fields=['status', 'due_on', 'id'], name='council_actionitem_by_status')],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['open', 'blocked', 'claimed_done', 'verified', 'reopened', 'cancelled'])), name='council_actionitem_status_known'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['claimed_done', 'verified']), _negated=True), models.Q(('evidence', ''), _negated=True), _connector='OR'), name='council_actionitem_done_with_evidence'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('status__in', ['verified', 'cancelled'])), models.Q(('closed_at__isnull', True), ('status__in', ['open', 'blocked', 'claimed_done', 'reopened'])), _connector='OR'), name='council_actionitem_closed_iff_finished')],
            },
        ),
        migrations.CreateModel(
            name='Seat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('council', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seats', to='council.council', verbose_name='council')),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='backlog.department', verbose_name='department')),
                ('title', backlog.db.fields.CharField(blank=True, help_text='For a seat without department.', max_length=100, verbose_name='seat title')),
                ('is_voting', models.BooleanField(default=True, verbose_name='votes')),
                ('search_text', backlog.db.fields.SearchField('title')),
            ],
            options={
                'verbose_name': 'seat',
                'verbose_name_plural': 'seats',
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_voting', True)), fields=('council', 'department'), name='council_seat_one_vote_per_department'), models.CheckConstraint(condition=models.Q(('is_voting', False), ('department__isnull', False), _connector='OR'), name='council_seat_votes_for_a_department'), models.CheckConstraint(condition=models.Q(('department__isnull', False), models.Q(('title', ''), _negated=True), _connector='OR'), name='council_seat_has_a_name')],
            },
        ),
        migrations.CreateModel(
            name='SeatTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='terms', to='council.seat', verbose_name='seat')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seat_terms', to=settings.AUTH_USER_MODEL, verbose_name='colleague')),
                ('is_alternate', models.BooleanField(default=False, verbose_name='is the alternate')),
                ('starts_on', backlog.db.fields.DateField(verbose_name='from')),
                ('ends_on', backlog.db.fields.DateField(blank=True, null=True, verbose_name='until')),
            ],
            options={
                'verbose_name': 'term',
                'verbose_name_plural': 'terms',
                'constraints': [models.UniqueConstraint(condition=models.Q(('ends_on__isnull', True)), fields=('seat', 'is_alternate'), name='council_seatterm_one_holder_and_one_alternate'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='council_seatterm_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='Attendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attendances', to='council.meeting', verbose_name='meeting')),
                ('seat', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attendances', to='council.seat', verbose_name='seat')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='colleague')),
                ('capacity', backlog.db.fields.CharField(choices=[('holder', 'holds the seat'), ('alternate', 'stands in for the holder'), ('proxy', 'by proxy'), ('officer', 'chairs or takes the minutes')], max_length=16, verbose_name='speaks as')),
                ('came_at', backlog.db.fields.DateTimeField(verbose_name='came at')),
                ('left_at', backlog.db.fields.DateTimeField(blank=True, null=True, verbose_name='left at')),
            ],
            options={
                'verbose_name': 'attendance',
                'verbose_name_plural': 'attendances',
                'constraints': [models.UniqueConstraint(condition=models.Q(('left_at__isnull', True), ('seat__isnull', False)), fields=('meeting', 'seat'), name='council_attendance_one_voice_for_a_seat'), models.UniqueConstraint(condition=models.Q(('left_at__isnull', True), models.Q(('capacity', 'proxy'), _negated=True)), fields=('meeting', 'user'), name='council_attendance_nobody_is_there_twice'), models.UniqueConstraint(condition=models.Q(('capacity', 'proxy'), ('left_at__isnull', True)), fields=('meeting', 'user'), name='council_attendance_one_proxy_each'), models.CheckConstraint(condition=models.Q(('capacity__in', ['holder', 'alternate', 'proxy', 'officer'])), name='council_attendance_capacity_known'), models.CheckConstraint(condition=models.Q(models.Q(('capacity', 'officer'), ('seat__isnull', True)), models.Q(models.Q(('capacity', 'officer'), _negated=True), ('seat__isnull', False)), _connector='OR'), name='council_attendance_for_a_seat_or_an_office'), models.CheckConstraint(condition=models.Q(('left_at__isnull', True), ('left_at__gte', models.F('came_at')), _connector='OR'), name='council_attendance_leaves_after_coming')],
            },
        ),
        migrations.CreateModel(
            name='Ballot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agenda_item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ballots', to='council.agendaitem', verbose_name='agenda item')),
                ('proposal', backlog.db.fields.TextField(max_length=10000, verbose_name='proposal')),
                ('verdict', backlog.db.fields.CharField(choices=[('approve', 'approve'), ('pilot', 'pilot'), ('defer', 'defer'), ('decline', 'decline'), ('ask_for_evidence', 'ask for evidence')], max_length=20, verbose_name='verdict')),
                ('expected_effect', backlog.db.fields.TextField(blank=True, max_length=10000, verbose_name='expected effect')),
                ('predictions', backlog.db.fields.JSONField(blank=True, default=list, max_size=10000, verbose_name='what is expected, as figures')),
                ('review_on', backlog.db.fields.DateField(blank=True, null=True, verbose_name='review on')),
                ('rule', backlog.db.fields.JSONField(max_size=500, verbose_name='rule')),
                ('is_blind', models.BooleanField(verbose_name='blind until closed')),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='opened by')),
                ('opened_at', backlog.db.fields.DateTimeField(verbose_name='opened at')),
                ('closes_at', backlog.db.fields.DateTimeField(blank=True, help_text='Without it, it is closed in the meeting.', null=True, verbose_name='closes at')),
                ('status', backlog.db.fields.CharField(choices=[('open', 'open'), ('closed', 'closed'), ('amended', 'put in other words'), ('withdrawn', 'withdrawn')], default='open', max_length=16, verbose_name='status')),
                ('result', backlog.db.fields.CharField(blank=True, choices=[('carried', 'carried'), ('not_carried', 'not carried'), ('advised', 'the chair decides'), ('inquorate', 'inquorate')], max_length=16, verbose_name='result')),
                ('ended_at', backlog.db.fields.DateTimeField(blank=True, null=True, verbose_name='ended at')),
                ('electorate', backlog.db.fields.JSONField(blank=True, default=dict, max_size=10000000, verbose_name='seats entitled and present')),
                ('amends', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='amended_by', to='council.ballot', verbose_name='amends')),
                ('salt', backlog.db.fields.CharField(blank=True, default=backlog.models.feedback.new_salt, editable=False, max_length=32)),
            ],
            options={
                'verbose_name': 'ballot',
                'verbose_name_plural': 'ballots',
                'indexes': [models.Index(condition=models.Q(('status', 'open')), fields=['closes_at'], name='council_ballot_due')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('agenda_item',), name='council_ballot_one_open_on_an_item'), models.CheckConstraint(condition=models.Q(('status__in', ['open', 'closed', 'amended', 'withdrawn'])), name='council_ballot_status_known'), models.CheckConstraint(condition=models.Q(models.Q(('result__in', ['carried', 'not_carried', 'advised', 'inquorate']), ('status', 'closed')), models.Q(models.Q(('status', 'closed'), _negated=True), ('result', '')), _connector='OR'), name='council_ballot_result_iff_closed'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('status', 'open')), models.Q(models.Q(('status', 'open'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='council_ballot_ended_iff_not_open'), models.CheckConstraint(condition=models.Q(('verdict__in', ['approve', 'pilot', 'defer', 'decline', 'ask_for_evidence'])), name='council_ballot_verdict_known'), models.CheckConstraint(condition=models.Q(('proposal', ''), _negated=True), name='council_ballot_says_what_is_proposed'), models.CheckConstraint(condition=models.Q(models.Q(('verdict', 'defer'), _negated=True), ('review_on__isnull', False), _connector='OR'), name='council_ballot_deferred_until'), models.CheckConstraint(condition=models.Q(('closes_at__isnull', True), ('closes_at__gt', models.F('opened_at')), _connector='OR'), name='council_ballot_closes_after_opening'), models.CheckConstraint(condition=models.Q(('amends__isnull', True), models.Q(('amends', models.F('id')), _negated=True), _connector='OR'), name='council_ballot_does_not_amend_itself')],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('council', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='council.council', verbose_name='council')),
                ('agenda_item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='council.agendaitem', verbose_name='agenda item')),
                ('ballot', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='council.ballot', verbose_name='ballot')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='backlog.customerrequest', verbose_name='request')),
                ('verdict', backlog.db.fields.CharField(choices=[('approve', 'approve'), ('pilot', 'pilot'), ('defer', 'defer'), ('decline', 'decline'), ('ask_for_evidence', 'ask for evidence')], max_length=20, verbose_name='verdict')),
                ('rationale', backlog.db.fields.TextField(max_length=10000, verbose_name='rationale')),
                ('options', backlog.db.fields.JSONField(blank=True, default=list, max_size=200000, verbose_name='options weighed')),
                ('dissent', backlog.db.fields.TextField(blank=True, max_length=10000, verbose_name='dissent')),
                ('expected_effect', backlog.db.fields.TextField(blank=True, max_length=10000, verbose_name='expected effect')),
                ('review_on', backlog.db.fields.DateField(blank=True, null=True, verbose_name='review on')),
                ('next_review_on', backlog.db.fields.DateField(blank=True, editable=False, null=True, verbose_name='look again on')),
                ('seat', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='council.seat', verbose_name='seat of the recorder')),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                ('decided_at', backlog.db.fields.DateTimeField(verbose_name='decided at')),
                ('status', backlog.db.fields.CharField(choices=[('in_effect', 'in effect'), ('review_due', 'review due'), ('reaffirmed', 'reaffirmed'), ('amended', 'amended'), ('retired', 'retired'), ('superseded', 'superseded')], default='in_effect', max_length=16, verbose_name='status')),
                ('taken_with', models.ForeignKey(blank=True, editable=False, help_text='The first of those that were taken as one, over several requests.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='taken_together', to='council.decision', verbose_name='taken with')),
                ('supersedes', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='superseded_by', to='council.decision', verbose_name='supersedes')),
                ('frozen', backlog.db.fields.JSONField(default=dict, max_size=10000000, verbose_name='evidence and scores as they were')),
                ('salt', backlog.db.fields.CharField(blank=True, default=backlog.models.feedback.new_salt, editable=False, max_length=32)),
                ('search_text', backlog.db.fields.SearchField('rationale')),
            ],
            options={
                'verbose_name': 'decision',
                'verbose_name_plural': 'decisions',
                'indexes': [models.Index(fields=['-decided_at', '-id'], name='council_decision_newest'), models.Index(fields=['council', '-decided_at', '-id'], name='council_decision_by_council'), models.Index(fields=['verdict', '-decided_at', '-id'], name='council_decision_by_verdict'), models.Index(fields=['status', '-decided_at', '-id'], name='council_decision_by_status'), models.Index(condition=models.Q(('next_review_on__isnull', False)), fields=['next_review_on'], name='council_decision_review')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', ['in_effect', 'review_due', 'reaffirmed', 'amended'])), fields=('request',), name='council_decision_one_in_effect_per_request'), models.CheckConstraint(condition=models.Q(('verdict__in', ['approve', 'pilot', 'defer', 'decline', 'ask_for_evidence'])), name='council_decision_verdict_known'), models.CheckConstraint(condition=models.Q(('status__in', ['in_effect', 'review_due', 'reaffirmed', 'amended', 'retired', 'superseded'])), name='council_decision_status_known'), models.CheckConstraint(condition=models.Q(('taken_with__isnull', True), models.Q(('taken_with', models.F('id')), _negated=True), _connector='OR'), name='council_decision_not_taken_with_itself'), models.CheckConstraint(condition=models.Q(('rationale', ''), _negated=True), name='council_decision_gives_its_reasons'), models.CheckConstraint(condition=models.Q(models.Q(('verdict', 'defer'), _negated=True), ('review_on__isnull', False), _connector='OR'), name='council_decision_deferred_until')],
            },
        ),
        migrations.CreateModel(
            name='Prediction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='predictions', to='council.decision', verbose_name='decision')),
                ('measure', backlog.db.fields.CharField(max_length=200, verbose_name='success measure')),
                ('baseline', backlog.db.fields.DecimalField(decimal_places=4, max_digits=15, verbose_name='baseline')),
                ('target', backlog.db.fields.DecimalField(decimal_places=4, max_digits=15, verbose_name='target')),
                ('due_on', backlog.db.fields.DateField(verbose_name='due on')),
                ('probability', backlog.db.fields.PositiveSmallIntegerField(help_text='How sure they are that it comes true.', verbose_name='probability in percent')),
                ('predicted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='predicted by')),
                ('predicted_at', backlog.db.fields.DateTimeField(verbose_name='predicted at')),
                ('result', backlog.db.fields.CharField(blank=True, choices=[('hit', 'came true'), ('partly', 'came true in part'), ('missed', 'did not come true'), ('unknown', 'cannot be told')], max_length=16, verbose_name='what came of it')),
                ('actual', backlog.db.fields.DecimalField(blank=True, decimal_places=4, max_digits=15, null=True, verbose_name='measured')),
                ('salt', backlog.db.fields.CharField(blank=True, default=backlog.models.feedback.new_salt, editable=False, max_length=32)),
            ],
            options={
                'verbose_name': 'prediction',
                'verbose_name_plural': 'predictions',
                'constraints': [models.UniqueConstraint(fields=('decision', 'measure', 'due_on', 'predicted_by'), name='council_prediction_one_of_each_for_a_day'), models.CheckConstraint(condition=models.Q(('measure', ''), _negated=True), name='council_prediction_names_its_measure'), models.CheckConstraint(condition=models.Q(('target', models.F('baseline')), _negated=True), name='council_prediction_expects_a_change'), models.CheckConstraint(condition=models.Q(('probability__gte', 1), ('probability__lte', 99)), name='council_prediction_probability_from_1_to_99'), models.CheckConstraint(condition=models.Q(('result__in', ['', 'hit', 'partly', 'missed', 'unknown'])), name='council_prediction_result_known'), models.CheckConstraint(condition=models.Q(('actual__isnull', True), models.Q(('result', ''), _negated=True), _connector='OR'), name='council_prediction_measured_only_with_result')],
            },
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('council', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seals', to='council.council', verbose_name='council')),
                ('number', backlog.db.fields.PositiveIntegerField(verbose_name='number')),
                ('subject_type', backlog.db.fields.CharField(max_length=32, verbose_name='subject')),
                ('subject_id', backlog.db.fields.PositiveBigIntegerField(verbose_name='number of the subject')),
                ('content', backlog.db.fields.JSONField(max_size=10000000, verbose_name='what was sealed')),
                ('digest', backlog.db.fields.CharField(max_length=64, verbose_name='digest')),
                ('previous', backlog.db.fields.CharField(blank=True, max_length=64, verbose_name='previous digest')),
                ('sealed_at', backlog.db.fields.DateTimeField(verbose_name='sealed at')),
            ],
            options={
                'verbose_name': 'seal',
                'verbose_name_plural': 'seals',
                'constraints': [models.UniqueConstraint(fields=('council', 'number'), name='council_seal_one_per_number'), models.UniqueConstraint(fields=('council', 'previous'), name='council_seal_chain_does_not_fork')],
            },
        ),
        migrations.CreateModel(
            name='Stance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ballot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stances', to='council.ballot', verbose_name='ballot')),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stances', to='council.seat', verbose_name='seat')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='colleague')),
                ('capacity', backlog.db.fields.CharField(choices=[('holder', 'holds the seat'), ('alternate', 'stands in for the holder'), ('proxy', 'by proxy')], max_length=16, verbose_name='speaks as')),
                ('answer', backlog.db.fields.CharField(choices=[('yes', 'yes'), ('no', 'no'), ('abstain', 'abstain'), ('consent', 'consent'), ('concern', 'consent, with a concern'), ('objection', 'objection')], max_length=16, verbose_name='stance')),
                ('reason', backlog.db.fields.TextField(blank=True, max_length=2000, verbose_name='reason')),
                ('is_named', models.BooleanField(default=False, help_text='Otherwise the decision keeps what was said against it, and not by whom.', verbose_name='dissent with my name')),
                ('taken_at', backlog.db.fields.DateTimeField(verbose_name='taken at')),
                ('salt', backlog.db.fields.CharField(blank=True, default=backlog.models.feedback.new_salt, editable=False, max_length=32)),
            ],
            options={
                'verbose_name': 'stance',
                'verbose_name_plural': 'stances',
                'constraints': [models.UniqueConstraint(fields=('ballot', 'seat'), name='council_stance_one_per_seat'), models.CheckConstraint(condition=models.Q(('answer__in', ['yes', 'no', 'abstain', 'consent', 'concern', 'objection'])), name='council_stance_answer_known'), models.CheckConstraint(condition=models.Q(('capacity__in', ['holder', 'alternate', 'proxy'])), name='council_stance_capacity_known'), models.CheckConstraint(condition=models.Q(models.Q(('answer', 'objection'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='council_stance_objection_has_its_reason')],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='council.decision', verbose_name='decision')),
                ('result', backlog.db.fields.CharField(blank=True, choices=[('hit', 'came true'), ('partly', 'came true in part'), ('missed', 'did not come true'), ('unknown', 'cannot be told')], max_length=16, verbose_name='what came of it')),
                ('words', backlog.db.fields.TextField(max_length=10000, verbose_name='what was learnt')),
                ('conclusion', backlog.db.fields.CharField(choices=[('stands', 'it stands'), ('decide_anew', 'the council decides anew')], max_length=16, verbose_name='what follows')),
                ('next_on', backlog.db.fields.DateField(blank=True, null=True, verbose_name='look again on')),
                ('reviewed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='reviewed by')),
                ('reviewed_at', backlog.db.fields.DateTimeField(verbose_name='reviewed at')),
            ],
            options={
                'verbose_name': 'review',
                'verbose_name_plural': 'reviews',
                'constraints': [models.CheckConstraint(condition=models.Q(('result__in', ['', 'hit', 'partly', 'missed', 'unknown'])), name='council_review_result_known'), models.CheckConstraint(condition=models.Q(('conclusion__in', ['stands', 'decide_anew'])), name='council_review_conclusion_known'), models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='council_review_says_what_was_learnt'), models.CheckConstraint(condition=models.Q(('conclusion', 'stands'), ('next_on__isnull', True), _connector='OR'), name='council_review_looks_again_only_if_it_stands')],
            },
        ),
        migrations.RunPython(index_words, migrations.RunPython.noop),
    ]
