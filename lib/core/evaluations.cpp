// Complete answers judge each series; errors and partial answers freeze everything, clocks
// included.
#include "core/evaluations.hpp"

#include <algorithm>
#include <cmath>

#include "core/alerts.hpp"
#include "core/condition.hpp"
#include "core/due.hpp"
#include "core/indexes.hpp"
#include "core/judging.hpp"
#include "core/monitoring.hpp"
#include "core/prometheus_rules.hpp"

namespace tocsin::core {
namespace {

constexpr std::uint8_t absent_answers_until_no_data = 2;

Series normalised(const Draft& draft, const Series& series, const std::string& source) {
    return {with_source_labels(draft, series.labels.without("__name__"), source), series.value};
}

std::uint64_t health_of(const Draft& draft, const Rule& rule, const std::string& source) {
    auto known = draft.state().health_by_rule.find({rule.name, source});
    return known == draft.state().health_by_rule.end() ? 0 : known->second;
}

RuleHealth& edit_or_add_health(Draft& draft, const Rule& rule, const std::string& source) {
    std::uint64_t id = health_of(draft, rule, source);
    if (id != 0) return draft.edit_health(id);
    return draft.add(
        RuleHealth{.rule = rule.name, .source = source, .content_hash = rule.content_hash});
}

Verdict rule_verdict(const Rule& rule, const std::string& source, Outcome outcome, Because because,
                     std::string detail) {
    return {.rule = rule.name,
            .labels = Labels{{"source", source}},
            .outcome = outcome,
            .cite = rule.ladder.empty() ? "" : rule.ladder.front().cite,
            .because = because,
            .detail = std::move(detail)};
}

// Freezes: the first failing answer is remembered; nothing else moves.
void freeze(Draft& draft, const Rule& rule, const SourceAnswer& answer, Instant at) {
    std::uint64_t known = health_of(draft, rule, answer.source);
    if (known != 0) {
        const RuleHealth& held = draft.state().rule_health.at(known);
        if (held.failing_since && held.blind == !answer.source_answered) return;
    }
    RuleHealth& health = edit_or_add_health(draft, rule, answer.source);
    health.blind = !answer.source_answered;
    health.because = answer.kind == SourceAnswer::Kind::partial ? Because::partial_answer
                     : answer.source_answered                   ? Because::query_error
                                                                : Because::source_silent;
    health.detail = answer.detail;
    if (health.failing_since) return;
    health.failing_since = at;
    draft.say(rule_verdict(rule, answer.source, Outcome::in_doubt, health.because, answer.detail));
}

// The span without complete answers does not count: every running clock is moved past it.
void shift_clocks(Draft& draft, const Rule& rule, Symbol source, Duration span) {
    auto of_rule = draft.state().signals_by_rule.find(rule.name);
    if (of_rule == draft.state().signals_by_rule.end()) return;
    const auto shift = [&](Instant& clock) {
        if (clock != clock_unset && clock != clock_elapsed) clock += span;
    };
    for (std::uint64_t id : of_rule->second) {
        if (draft.state().signals.at(id).source != source) continue;
        for (Track& track : draft.edit_signal(id).tracks) {
            for (Instant& since : track.since) shift(since);
            if (track.clear_since) shift(*track.clear_since);
        }
    }
}

void end_no_data(Draft& draft, RuleHealth& health) {
    if (!std::exchange(health.reported, false)) return;
    set_condition(draft, condition_no_data, health.rule, false, {});
}

void thaw(Draft& draft, const Rule& rule, const std::string& source, Instant at) {
    std::uint64_t id = health_of(draft, rule, source);
    if (id == 0 || !draft.state().rule_health.at(id).failing_since) return;
    RuleHealth& health = draft.edit_health(id);
    Instant since = *std::exchange(health.failing_since, std::nullopt);
    health.detail.clear();
    health.blind = false;
    if (!health.empty_since) end_no_data(draft, health);
    shift_clocks(draft, rule, draft.symbol(source), at - since);
    draft.say(rule_verdict(rule, source, Outcome::clear, Because::answered_again, {}));
}

// An empty answer of a rule that should have data; remembered until there is some.
void watch_for_data(Draft& draft, const Rule& rule, const std::string& source, bool has_data,
                    Instant at) {
    if (!rule.has_thresholds || rule.no_data == NoData::clear) return;
    std::uint64_t id = health_of(draft, rule, source);
    const RuleHealth* held = id == 0 ? nullptr : &draft.state().rule_health.at(id);
    if (has_data) {
        if (held != nullptr && held->ever_had_data && !held->empty_since) return;
        RuleHealth& health = edit_or_add_health(draft, rule, source);
        health.ever_had_data = true;
        health.empty_since.reset();
        end_no_data(draft, health);
        return;
    }
    if (held != nullptr && held->empty_since) return;
    RuleHealth& health = edit_or_add_health(draft, rule, source);
    health.empty_since = at;
    health.because = health.ever_had_data ? Because::no_data : Because::never_any_data;
    draft.say(rule_verdict(rule, source, Outcome::in_doubt, health.because, {}));
}

void judge_series(Draft& draft, const Rule& rule, Signal& signal, const Reading& reading) {
    Track& track = signal.tracks.front();
    if (track.content_hash != rule.content_hash) {
        track.content_hash = rule.content_hash;
        track.since.clear();
        track.clear_since.reset();
    }
    if (reading.value && std::isnan(*reading.value)) {
        doubt(draft, signal, track, rule, Because::not_a_number);
        return;
    }
    judge(draft, signal, track, rule, reading);
}

void judge_absent(Draft& draft, const Rule& rule, std::uint64_t id) {
    Signal& signal = draft.edit_signal(id);
    if (rule.has_thresholds && rule.no_data != NoData::clear) {
        if (signal.absent_answers < absent_answers_until_no_data) signal.absent_answers += 1;
        if (signal.absent_answers < absent_answers_until_no_data) return;
        if (rule.no_data == NoData::in_doubt) {
            doubt(draft, signal, signal.tracks.front(), rule, Because::no_data);
            return;
        }
        judge_series(draft, rule, signal, Reading{.unreadable = true});
        return;
    }
    judge_series(draft, rule, signal, Reading{.present = false});
    if (is_idle(signal)) draft.remove_signal(id);
}

std::uint64_t find_or_add_series(Draft& draft, const Rule& rule, Symbol source,
                                 const Labels& labels) {
    Symbol owner = draft.symbol(rule.name);
    std::uint64_t fingerprint = labels.fingerprint();
    std::uint64_t id = find_signal(draft.state(), SignalKind::series, owner, source, fingerprint);
    if (id != 0) return id;
    return draft
        .add(Signal{.fingerprint = fingerprint,
                    .labels = labels,
                    .starts_at = draft.now(),
                    .source = source,
                    .owner_rule = owner,
                    .kind = SignalKind::series,
                    .tracks = {Track{.rule = owner, .content_hash = rule.content_hash}}})
        .id;
}

void see_series(Draft& draft, const Rule& rule, const SourceAnswer& answer,
                const std::vector<Labels>& vetoed) {
    Symbol source = draft.symbol(answer.source);
    std::vector<std::uint64_t> seen;
    seen.reserve(answer.series.size());
    for (const Series& series : answer.series) {
        std::uint64_t id = find_or_add_series(draft, rule, source, series.labels);
        Signal& signal = draft.edit_signal(id);
        signal.absent_answers = 0;
        judge_series(draft, rule, signal,
                     Reading{.value = series.value, .present_because = Because::step_holds});
        seen.push_back(id);
    }
    for (const Labels& labels : vetoed) {  // kept, so that it can be said why it does not hold
        std::uint64_t id = find_or_add_series(draft, rule, source, labels);
        judge_series(draft, rule, draft.edit_signal(id),
                     Reading{.present = false, .absent_because = Because::agree_not_reached});
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
    for (std::uint64_t id : missing) judge_absent(draft, rule, id);
}

void see_answer(Draft& draft, const Rule& rule, const SourceAnswer& answer,
                const std::vector<Labels>& vetoed, Instant at) {
    if (answer.kind != SourceAnswer::Kind::complete) return freeze(draft, rule, answer, at);
    thaw(draft, rule, answer.source, at);
    watch_for_data(draft, rule, answer.source, !answer.series.empty(), at);
    if (rule.kind == RuleKind::prometheus_alert) {
        see_prometheus_answer(draft, rule, answer);
    } else {
        see_series(draft, rule, answer, vetoed);
    }
}

// Series as they will be judged; two of the same identity are an error of the whole answer.
SourceAnswer prepared(const Draft& draft, const Rule& rule, const SourceAnswer& raw) {
    SourceAnswer answer{.source = raw.source,
                        .kind = raw.kind,
                        .detail = raw.detail,
                        .source_answered = raw.source_answered};
    std::set<Labels> known;
    for (const Series& series : raw.series) {
        Series ready = normalised(draft, series, raw.source);
        if (!known.insert(ready.labels).second) {
            answer.kind = SourceAnswer::Kind::error;
            answer.detail = "two series of rule " + rule.name + " have the same labels " +
                            ready.labels.to_string();
        }
        answer.series.push_back(std::move(ready));
    }
    return answer;
}

}  // namespace

void see_evaluation(Draft& draft, const Evaluated& evaluated) {
    const Rule* rule = draft.rules().find(evaluated.rule);
    if (rule == nullptr || rule->content_hash != evaluated.content_hash) return;
    draft.judge_at(evaluated.at);
    std::vector<SourceAnswer> answers;
    for (const SourceAnswer& raw : evaluated.answers) {
        answers.push_back(prepared(draft, *rule, raw));
    }
    if (rule->agree_all) {
        Agreement agreement = agree(*rule, answers);
        see_answer(draft, *rule, agreement.answer, agreement.vetoed, evaluated.at);
        look_at_answers(draft, *rule, {agreement.answer});
        return;
    }
    for (const SourceAnswer& answer : answers) see_answer(draft, *rule, answer, {}, evaluated.at);
    look_at_answers(draft, *rule, answers);
}

std::optional<Instant> no_data_due(const RuleHealth& health) {
    if (health.reported) return std::nullopt;
    if (health.failing_since && !health.blind) {
        return *health.failing_since + no_data_reported_after;
    }
    if (health.empty_since && !health.failing_since) {
        return *health.empty_since + no_data_reported_after;
    }
    return std::nullopt;
}

void report_no_data_if_due(Draft& draft, RuleHealth& health) {
    std::optional<Instant> due = no_data_due(health);
    if (!due || *due > draft.now()) return;
    health.reported = true;
    const Rule* rule = draft.rules().find(health.rule);
    if (rule == nullptr || (rule->to_be_mapped && !health.ever_had_data)) return;
    std::string detail(sentence(health.because));
    if (!health.source.empty()) detail += " (source " + health.source + ")";
    if (!health.detail.empty()) detail += ": " + health.detail;
    set_condition(draft, condition_no_data, health.rule, true, detail);
}

Agreement agree(const Rule& rule, const std::vector<SourceAnswer>& answers) {
    Agreement agreement;
    SourceAnswer& result = agreement.answer;
    result.kind = SourceAnswer::Kind::error;
    result.detail = "none of its sources answered";
    result.source_answered = false;
    std::vector<std::map<Labels, double>> readings;  // per source: the worst value of each `per`
    std::set<Labels> groups;
    for (const SourceAnswer& answer : answers) {
        if (answer.kind != SourceAnswer::Kind::complete) {
            result.source_answered = result.source_answered || answer.source_answered;
            continue;
        }
        std::map<Labels, double>& worst = readings.emplace_back();
        for (const Series& series : answer.series) {
            Labels group = series.labels.only(rule.per);
            auto [entry, fresh] = worst.try_emplace(group, series.value);
            if (!fresh && step_rank(rule, series.value) < step_rank(rule, entry->second)) {
                entry->second = series.value;
            }
            groups.insert(std::move(group));
        }
    }
    if (readings.empty()) return agreement;
    result.kind = SourceAnswer::Kind::complete;
    result.detail.clear();
    result.source_answered = true;
    for (const Labels& group : groups) {
        std::optional<double> mildest;
        bool vetoed = false;
        for (const std::map<Labels, double>& source : readings) {
            auto seen = source.find(group);
            if (seen == source.end()) {
                // Without a ladder a source that returns nothing says "does not hold"; with one
                // it only has no data for this value.
                vetoed = vetoed || !rule.has_thresholds;
            } else if (!mildest || step_rank(rule, seen->second) > step_rank(rule, *mildest)) {
                mildest = seen->second;
            }
        }
        if (vetoed) {
            agreement.vetoed.push_back(group);
        } else if (mildest) {
            result.series.push_back({group, *mildest});
        }
    }
    return agreement;
}

}  // namespace tocsin::core
