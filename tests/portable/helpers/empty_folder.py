"""A folder with nothing in it, in the one that every run of tests has."""

import os


def empty(name):
    """Its name; what an earlier test left there is gone."""
    if name not in os.listdir():
        os.mkdir(name)
    for file in os.listdir(name):
        os.remove(name + "/" + file)
    return name
