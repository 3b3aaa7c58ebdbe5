"""What a box may do beside charging: a folder each, named in `fairamp.features`. None of them knows another one.

`start(app)` is called once, before the box runs. What a feature can ask of the box is in `App` and `Network`.
"""
