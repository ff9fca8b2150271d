"""`manage.py words`: the translators' tool."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from chenyue.core import words


class Command(BaseCommand):
    """Keeps the word catalogues of the packages."""

    help = "Collects, checks, derives and compiles the words of the screens."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("package", nargs="*", help="only these packages (default: all)")
        parser.add_argument("--update", action="store_true", help="add words that code and templates use")
        parser.add_argument("--prune", action="store_true", help="with --update: drop words no longer used")
        parser.add_argument("--check", action="store_true", help="fail if a translation is missing or doesn't fit")
        parser.add_argument("--hant", action="store_true", help="derive the traditional catalogues")
        parser.add_argument("--compile", action="store_true", help="compile what has changed")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = options["package"] or words.packages()
        if unknown := set(chosen) - set(words.packages()):
            raise CommandError(f"No such package: {', '.join(sorted(unknown))}")
        if not any(options[name] for name in ("update", "check", "hant", "compile")):
            raise CommandError("Say what to do: --update, --check, --hant or --compile.")
        if options["update"]:
            for package in chosen:
                added, gone = words.update(package, prune=options["prune"])
                if added or gone:
                    print(f"{package}: {added} added, {gone} set aside")
        if options["hant"]:
            for package in chosen:
                if words.po_path(package).exists():
                    words.save(words.derived(package), words.po_path(package, words.DERIVED))
        if options["compile"]:
            print(f"{words.compile_all()} catalogues compiled")
        if options["check"]:
            self._check(chosen)

    def _check(self, chosen: list[str]) -> None:
        wrong = [fault for package in chosen for fault in words.faults(package)] + list(words.conflicts())
        for fault in wrong:
            print(fault)
        if wrong:
            raise CommandError(f"{len(wrong)} faults in the words.")
        print("All words are there.")
