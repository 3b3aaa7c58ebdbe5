"""The portable part of Fairamp: pure decisions and codecs for MicroPython and CPython alike."""

VERSION = "0.1.0"
