"""The report of a tournament, from its results: which tables, in which order, with which notes."""

from __future__ import annotations

import numpy as np

from pursuit.tournament.plan import Plan
from pursuit.tournament.pool import equilibrium, worst_case
from pursuit.tournament.rating import elo, mean_score, normalized_elo, superiority
from pursuit.tournament.report.measures import Measures
from pursuit.tournament.report.sights import charts, showpieces
from pursuit.tournament.report.tables import Cell, Column, Report, Table
from pursuit.tournament.results import Results
from pursuit.tournament.spec import Spec

BY_SCENARIO = "the scenario's"

_VERDICT = {"upper": "accepts {high}", "lower": "accepts {low}", "open": "undecided"}


def build(results: Results, spec: Spec) -> Report:
    """The report of all games that count. The same games give the same report, whoever played them and when."""
    plan, measures = results.schedule.plan, Measures(results, spec)
    tables = [_pairings(results), *_boards(results), _policies(measures), *_strengths(measures), *_payoffs(measures)]
    tables += _pool(measures)
    return Report(
        title=_title(plan),
        facts=_facts(measures, spec),
        tables=tables,
        showpieces=showpieces(measures),
        charts=charts(measures),
    )


def _title(plan: Plan) -> str:
    boards = f"on {len(plan.venues)} boards" if len(plan.venues) > 1 else f"on {plan.venues[0].label}"
    who = " against ".join(entrant.name for entrant in plan.entrants)
    return (
        f"Match of {who} {boards}" if plan.mode == "match" else f"{plan.mode.title()} of {len(plan.entrants)} {boards}"
    )


def _facts(measures: Measures, spec: Spec) -> dict[str, object]:
    """What was played and by which rules; every figure of the report is to be read with these."""
    plan, counted = measures.schedule.plan, measures.counted
    plays = zip(measures.results.games["play"], measures.clean, strict=True)
    return {
        "mode": plan.mode,
        "seed": plan.seed,
        "pairs": plan.pairs,
        "games": int(counted.sum()),
        "distinct_games": sum(len(np.unique(play[clean])) for play, clean in plays),
        "forfeits": measures.faults(),
        "interval": "95 %",
        "entrants": [entrant.name for entrant in plan.entrants],
        "boards": [
            {"board": venue.label, **{name: facts[name] for name in ("ruleset", "tie", "start", "turns", "digest")}}
            for venue, facts in zip(plan.venues, spec["venues"], strict=True)
        ],
        "sprt": spec["sprt"],
        "limits": spec["limits"],
        "engine": spec["engine"],
        "code": spec["code"],
    }


def _pairings(results: Results) -> Table:
    plan, rows = results.schedule.plan, []
    for at, (first, second) in enumerate(results.schedule.pairings):
        tally = results.tally(at)
        row: list[Cell] = [plan.entrants[first].name, plan.entrants[second].name, tally.num_pairs]
        row += [" ".join(map(str, tally.counts)), mean_score(tally), elo(tally), normalized_elo(tally)]
        row.append(superiority(tally))
        if plan.sprt:
            verdict = _VERDICT[results.stop(at)[1]].format(low=f"{plan.sprt.low:g}", high=f"{plan.sprt.high:g}")
            row += [plan.sprt.ratio(tally), verdict]
        rows.append(row)
    columns = [Column("first"), Column("second"), Column("pairs"), Column("0 ¼ ½ ¾ 1"), Column("score")]
    columns += [Column("Elo", 1), Column("nElo", 1), Column("LOS")]
    note = "Two games a pair on one seed; intervals of 95 % from the pairs' variance."
    if plan.sprt:
        columns += [Column("LLR", 2), Column("SPRT")]
        low, high = plan.sprt.limits
        note += f" SPRT on nElo between {plan.sprt.low:g} and {plan.sprt.high:g}, LLR from {low:.2f} to {high:.2f}."
    return Table("pairings", "Pairings", columns, rows, keys=2, note=note)


def _boards(results: Results) -> list[Table]:
    """The pairings board by board, if there are several."""
    plan = results.schedule.plan
    if len(plan.venues) < 2:
        return []
    rows: list[list[Cell]] = []
    for at, (first, second) in enumerate(results.schedule.pairings):
        for number, venue in enumerate(plan.venues):
            tally = results.tally(at, number)
            names: list[Cell] = [plan.entrants[first].name, plan.entrants[second].name, venue.label]
            rows.append([*names, tally.num_pairs, " ".join(map(str, tally.counts)), mean_score(tally)])
    columns = [*(Column(name) for name in ("first", "second", "board", "pairs", "0 ¼ ½ ¾ 1", "score"))]
    return [Table("boards", "Board by board", columns, rows, keys=3, note="The first entrant's mean pair score.")]


def _policies(measures: Measures) -> Table:
    plan, rows = measures.schedule.plan, []
    venues: list[int | None] = [None, *range(len(plan.venues))] if len(plan.venues) > 1 else [None]
    for number in venues:
        board = "all" if number is None else plan.venues[number].label
        for record in measures.records(number):
            faults = ", ".join(f"{count} {kind}" for kind, count in record.faults.items())
            name = record.policy or BY_SCENARIO
            row: list[Cell] = [name, record.role, board, record.games, record.capture, record.time]
            rows.append([*row, *([record.regret] if plan.regret else []), faults])
    columns = [*(Column(name) for name in ("policy", "role", "board", "games", "capture rate"))]
    columns += [Column("capture time", 1), *([Column("regret", 2)] if plan.regret else []), Column("forfeits")]
    note = "Games that nobody forfeited. Rate: won by the hunter (Wilson). Time: turns until then, at most the limit "
    note += "(bootstrap over seeds)."
    if plan.regret:
        note += " Regret: turns lost a game against exact play, where that is known."
    return Table("policies", "Policies", columns, rows, keys=3, note=note)


def _strengths(measures: Measures) -> list[Table]:
    if not measures.is_connected():  # who never met, not even through others, cannot be compared
        return []
    hunters, guardians = measures.strengths()
    rows: list[list[Cell]] = [
        [name or BY_SCENARIO, role, value]
        for role, names, values in (("hunts", measures.hunters, hunters), ("guards", measures.guardians, guardians))
        for name, value in sorted(zip(names, values, strict=True), key=lambda pair: -pair[1].value)
    ]
    note = (
        f"Bradley-Terry over all games; hunting with {measures.hunters[0] or BY_SCENARIO} is 0; bootstrap over pairs."
    )
    columns = [Column("policy"), Column("role"), Column("Elo", 0)]
    return [Table("strengths", "Strengths", columns, rows, keys=2, note=note)]


def _payoffs(measures: Measures) -> list[Table]:
    """Every hunter against every guardian, and what the best mixtures of them secure."""
    payoff = measures.payoff()
    if payoff.size < 2:
        return []
    names = [name or BY_SCENARIO for name in measures.guardians]
    rows: list[list[Cell]] = [
        [name or BY_SCENARIO, *(None if np.isnan(mean) else float(mean) for mean in means)]
        for name, means in zip(measures.hunters, payoff, strict=True)
    ]
    columns = [Column("hunter"), *(Column(name) for name in names)]
    made = [
        Table("payoff", "Hunters against guardians", columns, rows, note="The hunter's mean score, forfeits included.")
    ]
    if np.isnan(payoff).any() or min(payoff.shape) < 2:
        return made
    nash = equilibrium(payoff)
    mixed: list[list[Cell]] = []
    for role, policies, weights, worst, loss in (
        ("hunts", measures.hunters, nash.rows, worst_case(payoff), nash.value - worst_case(payoff)),
        ("guards", measures.guardians, nash.columns, 1 - payoff.max(axis=0), payoff.max(axis=0) - nash.value),
    ):
        found = zip(policies, weights.tolist(), worst.tolist(), loss.tolist(), strict=True)
        mixed += [[name or BY_SCENARIO, role, *figures] for name, *figures in found]
    columns = [*(Column(name) for name in ("policy", "role", "weight", "worst case", "exploitability"))]
    note = f"Mixed so, the hunter's score is {nash.value:.3f} whatever the guardian mixes, and the other way round."
    return [*made, Table("mixture", "Nash mixtures of policies", columns, mixed, keys=2, note=note)]


def _pool(measures: Measures) -> list[Table]:
    """What the entrants are worth in this pool."""
    plan, scores = measures.schedule.plan, measures.scores()
    if len(plan.entrants) < 3:
        return []
    names = [entrant.name for entrant in plan.entrants]
    is_complete = not np.isnan(scores).any()
    middle = measures.interquartile_means()
    columns = [Column("entrant"), Column("interquartile mean")]
    rows: list[list[Cell]] = [[name, value] for name, value in zip(names, middle, strict=True)]
    note = "Interquartile mean over the boards of the mean pair score, stratified bootstrap over seeds."
    made = []
    if is_complete:
        matrix: list[list[Cell]] = [
            [name, *(float(score) for score in row)] for name, row in zip(names, scores, strict=True)
        ]
        made.append(
            Table(
                "matrix",
                "Everybody against everybody",
                [Column("entrant"), *map(Column, names)],
                matrix,
                note="Pair scores.",
            )
        )
        nash, others = equilibrium(scores), np.where(np.eye(len(scores)), np.inf, scores)
        worst = worst_case(others)
        columns += [Column("worst case"), Column("against"), Column("exploitability"), Column("Nash weight")]
        for at, row in enumerate(rows):
            against, loss = names[int(others[at].argmin())], max(0.0, float(nash.value - worst[at]))
            row += [float(worst[at]), against, loss, float(nash.rows[at])]
    return [*made, Table("pool", "Entrants in this pool", columns, rows, note=note)]
