// The state machine of Prometheus' alerting rules, one series at a time.
#include "core/prometheus_rules.hpp"

#include <algorithm>

#include "core/alerts.hpp"
#include "core/indexes.hpp"

namespace tocsin::core {
namespace {

// A track of this kind uses `since[0]` as ActiveAt, `clear_since` as "missing since", and outcome
// pending or incident for pending and firing. The alert's labels are kept in the annotations.
bool is_firing(const Signal& series) {
    return series.tracks.front().outcome == Outcome::incident;
}

Labels expanded(const Draft& draft, const std::vector<std::pair<std::string, Template>>& texts,
                const Labels& labels, double value) {
    std::vector<std::string> values;
    std::vector<Labels::Pair> pairs;
    values.reserve(texts.size());
    for (const auto& [name, text] : texts) {
        values.push_back(text.expand(
            {.labels = &labels, .value = value, .external_url = draft.policy().public_url}));
        pairs.emplace_back(name, values.back());
    }
    return Labels(std::move(pairs));
}

void fire(Draft& draft, const Rule& rule, Signal& series, double value) {
    Labels name{{"alertname", rule.alertname}};
    Labels labels = name.with_defaults(
        expanded(draft, rule.labels, series.labels, value).with_defaults(series.labels));
    Labels annotations = expanded(draft, rule.annotations, series.labels, value);
    series.tracks.front().outcome = Outcome::incident;
    series.annotations = labels;
    see_alert(draft, AlertSeen{.source = draft.text(series.source),
                               .labels = labels,
                               .annotations = annotations,
                               .starts_at = draft.now()});
}

void finish_alert(Draft& draft, const Signal& series) {
    if (!is_firing(series)) return;
    see_alert(draft, AlertSeen{.source = draft.text(series.source),
                               .labels = series.annotations,
                               .firing = false,
                               .ends_at = draft.now()});
}

void see_present(Draft& draft, const Rule& rule, Signal& series, double value) {
    Track& track = series.tracks.front();
    track.clear_since.reset();
    if (track.content_hash != rule.content_hash) {  // `for` starts anew
        track.content_hash = rule.content_hash;
        track.since = {draft.judged_at()};
    }
    if (!is_firing(series) && draft.judged_at() - track.since.front() >= rule.hold_for) {
        fire(draft, rule, series, value);
    }
}

// Pending: gone at once. Firing: kept for keep_firing_for since it was first missing.
bool is_over(Draft& draft, const Rule& rule, Signal& series) {
    Track& track = series.tracks.front();
    if (!is_firing(series) || rule.keep_firing_for == Duration::zero()) return true;
    if (!track.clear_since) track.clear_since = draft.judged_at();
    return draft.judged_at() - *track.clear_since >= rule.keep_firing_for;
}

}  // namespace

void see_prometheus_answer(Draft& draft, const Rule& rule, const SourceAnswer& answer) {
    Symbol owner = draft.symbol(rule.name);
    Symbol source = draft.symbol(answer.source);
    std::vector<std::uint64_t> seen;
    for (const Series& series : answer.series) {
        std::uint64_t fingerprint = series.labels.fingerprint();
        std::uint64_t id =
            find_signal(draft.state(), SignalKind::prom_series, owner, source, fingerprint);
        if (id == 0) {
            id = draft
                     .add(Signal{.fingerprint = fingerprint,
                                 .labels = series.labels,
                                 .starts_at = draft.now(),
                                 .source = source,
                                 .owner_rule = owner,
                                 .kind = SignalKind::prom_series,
                                 .tracks = {Track{.rule = owner,
                                                  .content_hash = rule.content_hash,
                                                  .since = {draft.judged_at()},
                                                  .outcome = Outcome::pending}}})
                     .id;
        }
        see_present(draft, rule, draft.edit_signal(id), series.value);
        seen.push_back(id);
    }
    std::sort(seen.begin(), seen.end());
    auto of_rule = draft.state().signals_by_rule.find(rule.name);
    if (of_rule == draft.state().signals_by_rule.end()) return;
    std::vector<std::uint64_t> missing;
    for (std::uint64_t id : of_rule->second) {
        if (draft.state().signals.at(id).source != source) continue;
        if (!std::binary_search(seen.begin(), seen.end(), id)) missing.push_back(id);
    }
    for (std::uint64_t id : missing) {
        if (!is_over(draft, rule, draft.edit_signal(id))) continue;
        finish_alert(draft, draft.state().signals.at(id));
        draft.remove_signal(id);
    }
}

void end_prometheus_series(Draft& draft, std::uint64_t signal) {
    finish_alert(draft, draft.state().signals.at(signal));
    draft.remove_signal(signal);
}

}  // namespace tocsin::core
