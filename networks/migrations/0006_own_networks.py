"""Networks without an API that a workspace describes itself."""

import datetime
import django.db.models.deletion
from django.db import migrations, models

from workspaces.tenancy import walls


class Migration(migrations.Migration):

    dependencies = [
        ('networks', '0005_by_hand'),
        ('workspaces', '0006_late_rule'),
    ]

    operations = [
        migrations.AlterField(
            model_name='duty',
            name='begins',
            field=models.TimeField(default=datetime.time(0, 0)),
        ),
        migrations.AlterField(
            model_name='duty',
            name='ends',
            field=models.TimeField(default=datetime.time(23, 59)),
        ),
        migrations.CreateModel(
            name='OwnNetwork',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('text', models.PositiveIntegerField(default=500)),
                ('counting', models.CharField(choices=[('graphemes', 'Characters as people see them'), ('characters', 'Characters as browsers count them'), ('bytes', 'Bytes (UTF-8)')], default='graphemes', max_length=12)),
                ('fold_characters', models.PositiveIntegerField(default=0)),
                ('title', models.PositiveIntegerField(default=0)),
                ('images', models.PositiveSmallIntegerField(default=1)),
                ('image_bytes', models.PositiveBigIntegerField(default=5242880)),
                ('videos', models.PositiveSmallIntegerField(default=0)),
                ('video_bytes', models.PositiveBigIntegerField(default=104857600)),
                ('alt', models.PositiveIntegerField(default=0)),
                ('place', models.URLField(max_length=500)),
                ('pattern', models.CharField(max_length=500)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('initials', models.CharField(blank=True, max_length=2)),
                ('colour', models.CharField(choices=[('#0b6e66', '#0b6e66'), ('#1f56cc', '#1f56cc'), ('#5a3fd0', '#5a3fd0'), ('#a0185c', '#a0185c'), ('#be1f2d', '#be1f2d'), ('#8f5600', '#8f5600'), ('#1b7a3c', '#1b7a3c'), ('#43534e', '#43534e'), ('#12211f', '#12211f')], default='#0b6e66', max_length=7)),
                ('icon', models.TextField(blank=True)),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'ordering': ['name', 'pk'],
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(condition=models.Q(('retired_at__isnull', True)), fields=('workspace', 'name'), name='an_own_network_has_one_name')],
            },
        ),
        *walls("networks_ownnetwork"),
    ]
