"""Any planning document, checked by the real tools of its field: what ``planning-kit check PATH`` does.

It needs no run, no model and no key: :mod:`.sources` reads what was named, :mod:`.lint` knows what each document
promises and has all of them checked together, :mod:`.mending` mends what can be mended safely, :mod:`.told` and
:mod:`.sarif` say what was found, to people and to code hosts.
"""
