"""The project: what belongs to no app of its own.

To copy: ``settings``, ``asgi``, ``urls``; ``middleware``, ``in_loop``, ``executor`` for speed;
``outages``, ``health``, ``checks``, ``parsers`` for running it.
To look at: ``views``, the home page; ``management/commands/demo.py``, which fills and serves it.
To leave here: ``catalogue/``, the app that shows the patterns; nothing but the home page uses it.
"""
