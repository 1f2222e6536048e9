"""The kinds of issues that reading a file finds: what a row is that cannot be read, or that is no feature."""

from django.utils.translation import gettext_lazy as _

from landgis.changes.issues import STOP, WARN, IssueKind, add_kinds

add_kinds(
    {
        "row-unreadable": IssueKind(
            STOP,
            _("Reading the row failed (%(reason)s)."),
            _(
                "Draw or write the row anew, or leave it out; whoever looks after the server finds the cause in its log."
            ),
        ),
        "code-translated": IssueKind(
            WARN,
            _("“%(value)s”, a code of earlier days, is read as %(today)s of today, in %(count)s rows."),
            _("Look whether that is what these rows mean; else say another code for the value."),
        ),
        "column-second": IssueKind(
            WARN,
            _("The column “%(column)s” is read as “%(label)s”, as no column says so more exactly."),
            _("If it is something else, choose its field, or leave it unused."),
        ),
        "column-unfit": IssueKind(
            WARN,
            _(
                "The column “%(column)s” is called like “%(label)s”, but its values (%(samples)s) are none: it is not read."
            ),
            _("Choose the column that holds it, or say that this one does."),
        ),
        "column-twice": IssueKind(
            WARN,
            _("Two columns are called “%(column)s” and hold different values; the first is read as “%(label)s”."),
            _("Look which of the two is meant; choose the other if it is that."),
        ),
        "text-alike": IssueKind(
            WARN,
            _(
                "“%(value)s” of “%(label)s” holds signs that look like others, and is kept as “%(kept)s”; so in %(count)s rows."
            ),
            _("Nothing is to be done; compare a name or two."),
        ),
        "texts-outside": IssueKind(
            WARN,
            _("%(count)s texts of the level “%(level)s” lie in no closed boundary, “%(text)s” among them."),
            _("Look whether the level holds something that belongs to a feature."),
        ),
        "value-form": IssueKind(
            STOP,
            _("“%(value)s” does not look like “%(label)s”."),
            _("Correct the value, or choose another column for the field."),
        ),
        "value-negative": IssueKind(
            STOP,
            _("“%(value)s” is less than nothing, which “%(label)s” cannot be."),
            _("Correct the value, or leave it empty."),
        ),
        "number-doubtful": IssueKind(
            STOP,
            _("“%(value)s” is %(number)s or %(grouped)s: nothing in the column tells which."),
            _("Say what divides off the decimals in the column: --notation “%(column)s=point”, or comma."),
            _("Say on this page what divides off the decimals in the column “%(column)s”."),
        ),
        "notation-mixed": IssueKind(
            STOP,
            _(
                "“%(value)s” is %(number)s or %(grouped)s: the column writes “%(one)s” in row %(one_row)s and “%(other)s” in "
                "row %(other_row)s."
            ),
            _(
                "Write the column in one way, or say what divides off its decimals: --notation “%(column)s=point”, or comma."
            ),
            _(
                "Write the column in one way, or say on this page what divides off the decimals in the column “%(column)s”."
            ),
        ),
        "notation-both": IssueKind(
            WARN,
            _(
                "“%(label)s” is written in two ways: “%(one)s” in row %(one_row)s and “%(other)s” in row %(other_row)s. Each "
                "is read as only it can be meant."
            ),
            _("Look at both values, and write the column in one way."),
        ),
        "notation-told": IssueKind(
            WARN,
            _("“%(value)s” of “%(label)s” is read as %(read)s, and so are the others like it. %(cause)s"),
            _("Look at some of the values before you publish."),
        ),
        "magnitude-doubtful": IssueKind(
            STOP,
            _(
                "“%(value)s” in the column “%(column)s” of “%(label)s” is %(factor)s times %(known)s, and so are its other "
                "numbers. %(cause)s"
            ),
            _(
                "Say what the numbers are multiplied by: --notation “%(column)s=times:%(times)s”; or as-written if they are right."
            ),
            _("Say on this page whether the numbers of the column “%(column)s” are right."),
        ),
        "day-doubtful": IssueKind(
            STOP,
            _(
                "“%(value)s” has day and month in an order that nothing tells: “%(other)s” in row %(other_row)s has the month first."
            ),
            _("Say the order of the column: --notation COLUMN=day-first, or month-first."),
            _("Say on this page in which order the column “%(label)s” has day and month."),
        ),
        "day-told": IssueKind(
            WARN,
            _("“%(value)s” of “%(label)s” is read as %(day)s, and so are the others like it."),
            _("Look at some of the days before you publish."),
        ),
        "unit-other": IssueKind(
            STOP,
            _("“%(value)s” is given in “%(unit)s”; the unit of “%(label)s” is %(expected)s."),
            _("Write the value in the unit of the field."),
        ),
        "unit-told": IssueKind(
            WARN,
            _(
                "By its heading the column “%(column)s” gives “%(label)s” in %(unit)s: 1 there is %(factor)s %(expected)s here."
            ),
            _("Look at some of the values before you publish."),
        ),
        "corners-joined": IssueKind(
            WARN,
            _(
                "Rows that follow each other were read as the corners of one boundary: %(corners)s rows make %(count)s features."
            ),
            _("Look whether that is so; where each row is a feature of its own, each needs an identity of its own."),
        ),
        "formulas-empty": IssueKind(
            STOP,
            _("%(count)s cells hold formulas without their results, %(cell)s the first of them."),
            _("Open the workbook in a spreadsheet program, so that it calculates, save it, and hand it in again."),
        ),
        "rows-hidden": IssueKind(
            WARN,
            _("Rows that are hidden in the sheet were read like the others: row %(numbers)s."),
            _("Look whether they are meant; delete them in the sheet if not."),
        ),
        "cells-joined": IssueKind(
            WARN,
            _(
                "Texts in cells that are merged over several rows were read as those of each of the rows: %(count)s cells."
            ),
            _("Look at some of these rows."),
        ),
        "rows-of-form": IssueKind(
            WARN,
            _("%(part)s, not read as features: row %(numbers)s."),
            _("Look whether one of them is a feature after all; give it an identity and its values then."),
        ),
    }
)
