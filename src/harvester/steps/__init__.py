"""The corridor: verbs that join the rooms; the only place that knows more than one."""
