// One alert: found or made, matched against the rules in order, judged by each rule that matches.
#include "core/alerts.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "core/indexes.hpp"
#include "core/judging.hpp"
#include "core/limits.hpp"

namespace tocsin::core {
namespace {

constexpr Duration resolve_timeout =
    minutes(5);  // Alertmanager's default, for posts without endsAt
constexpr std::string_view unmatched_rule = "";

// The rules that decide on this alert: the first match, and on while they say `continue: true`.
std::vector<const Rule*> matching(const Ruleset& rules, const Labels& labels) {
    std::vector<const Rule*> found;
    for (std::uint32_t index : rules.candidates(labels.get("alertname"))) {
        const Rule& rule = rules.rules[index];
        if (rule.kind == RuleKind::unmatched && !found.empty()) continue;
        if (!all_match(rule.alert, labels)) continue;
        found.push_back(&rule);
        if (!rule.continue_matching) break;
    }
    return found;
}

Reading reading_of(const Draft& draft, const Signal& signal, const Rule& rule) {
    Reading reading{.present = signal.firing};
    if (!signal.firing) {
        bool by_sender = signal.ends_at != Instant{};
        reading.absent_because = by_sender       ? Because::resolved
                                 : signal.leased ? Because::lease_expired
                                                 : Because::gone_at_source;
    }
    if (!rule.value) return reading;
    std::string text = rule.value->expand({.labels = &signal.labels,
                                           .annotations = &signal.annotations,
                                           .external_url = draft.policy().public_url});
    reading.value = parse_number(trim(text));
    if (reading.value && *reading.value != *reading.value) reading.value.reset();  // NaN
    reading.unreadable = !reading.value;
    return reading;
}

void judge_unmatched(Draft& draft, Signal& signal) {
    Track& track = signal.tracks.front();
    Outcome outcome = signal.firing ? Outcome::unmatched : Outcome::clear;
    if (track.judged && track.outcome == outcome) return;
    track.judged = true;
    track.outcome = outcome;
    track.because = signal.firing ? Because::no_rule_matches : Because::resolved;
    draft.say(Verdict{.labels = signal.labels, .outcome = outcome, .because = track.because});
}

void judge_tracks(Draft& draft, Signal& signal) {
    for (Track& track : signal.tracks) {
        if (draft.text(track.rule) == unmatched_rule) {
            judge_unmatched(draft, signal);
            continue;
        }
        const Rule* rule = draft.rules().find(draft.text(track.rule));
        if (rule == nullptr) continue;  // ended by the reload that removed it
        judge(draft, signal, track, *rule, reading_of(draft, signal, *rule));
    }
}

void forget_if_over(Draft& draft, const Signal& signal) {
    if (!signal.firing && is_idle(signal)) draft.remove_signal(signal.id);
}

void judge_alert(Draft& draft, Signal& signal) {
    judge_tracks(draft, signal);
    forget_if_over(draft, signal);
}

void add_tracks(Draft& draft, Signal& signal) {
    for (const Rule* rule : matching(draft.rules(), signal.labels)) {
        signal.tracks.push_back(
            Track{.rule = draft.symbol(rule->name), .content_hash = rule->content_hash});
    }
    if (signal.tracks.empty()) signal.tracks.push_back(Track{});
    signal.tracks.shrink_to_fit();
}

// What a sender says of one alert, with the absent instants filled in.
struct Report {
    bool firing;
    Instant starts_at;
    Instant ends_at;  // firing: end of the lease or Instant{}; resolved: when
};

Report report_of(const AlertSeen& alert, Instant now) {
    Report report{alert.firing, alert.starts_at.value_or(now), {}};
    if (alert.leased && alert.firing) {
        report.ends_at = alert.ends_at.value_or(now + resolve_timeout);
        report.firing = report.ends_at > now;
    } else if (!alert.firing) {
        report.ends_at = alert.ends_at.value_or(now);
    }
    return report;
}

void take_up(Draft& draft, const AlertSeen& alert, const Report& report, Symbol source,
             std::uint64_t fingerprint) {
    auto known = draft.rules().sources.find(alert.source);
    if (known != draft.rules().sources.end() && !known->second.expect_alert.empty() &&
        known->second.expect_alert == alert.labels.get("alertname")) {
        return;  // a heartbeat, never judged
    }
    if (draft.state().signals.size() >= limits::signals_max) {
        draft.refuse("too_many_alerts", "tocsin already holds its maximum of " +
                                            std::to_string(limits::signals_max) + " signals");
        return;
    }
    Signal& signal =
        draft.add(Signal{.fingerprint = fingerprint,
                         .labels = with_source_labels(draft, alert.labels, alert.source),
                         .annotations = alert.annotations,
                         .starts_at = report.starts_at,
                         .ends_at = report.ends_at,
                         .source = source,
                         .leased = alert.leased});
    add_tracks(draft, signal);
    judge_alert(draft, signal);
}

void fire_again(Draft& draft, std::uint64_t id, const AlertSeen& alert, const Report& report) {
    const Signal& held = draft.state().signals.at(id);
    bool ended_by_sender = !held.leased && held.ends_at != Instant{};
    if (ended_by_sender && alert.starts_at && *alert.starts_at == held.starts_at) {
        return;  // a late duplicate of the firing that was already resolved (HA failover)
    }
    Signal& signal = draft.edit_signal(id);
    signal.firing = true;
    signal.starts_at = report.starts_at;
    signal.ends_at = report.ends_at;
    signal.leased = alert.leased;
    signal.annotations = alert.annotations;
    judge_alert(draft, signal);
}

void keep_firing(Draft& draft, std::uint64_t id, const AlertSeen& alert, const Report& report) {
    const Signal& held = draft.state().signals.at(id);
    bool told_more = alert.annotations != held.annotations;
    bool half_used = alert.leased && held.leased &&
                     held.ends_at - draft.now() < (report.ends_at - draft.now()) / 2;
    if (!told_more && !half_used && alert.leased == held.leased) return;
    Signal& signal = draft.edit_signal(id);
    signal.annotations = alert.annotations;
    signal.ends_at = report.ends_at;
    signal.leased = alert.leased;
    if (told_more) judge_alert(draft, signal);
}

void resolve(Draft& draft, std::uint64_t id, const Report& report) {
    // A resolve of an earlier firing. Alertmanager dates an alert that was added with an end and no
    // start from that end: such a start still to come says nothing.
    Instant starts_at = draft.state().signals.at(id).starts_at;
    if (report.ends_at < starts_at && starts_at <= draft.now()) return;
    Signal& signal = draft.edit_signal(id);
    signal.firing = false;
    signal.ends_at = report.ends_at;
    signal.leased = false;
    judge_alert(draft, signal);
}

}  // namespace

Labels with_source_labels(const Draft& draft, const Labels& labels, const std::string& source) {
    auto known = draft.rules().sources.find(source);
    if (known == draft.rules().sources.end() || known->second.labels.empty()) return labels;
    return labels.with_defaults(known->second.labels);
}

void see_alert(Draft& draft, const AlertSeen& alert) {
    Symbol source = draft.symbol(alert.source);
    std::uint64_t fingerprint = alert.labels.fingerprint();
    std::uint64_t id = find_signal(draft.state(), SignalKind::alert, Symbol{}, source, fingerprint);
    Report report = report_of(alert, draft.now());
    if (id == 0) {
        if (report.firing) take_up(draft, alert, report, source, fingerprint);
        return;
    }
    bool was_firing = draft.state().signals.at(id).firing;
    if (report.firing && was_firing) return keep_firing(draft, id, alert, report);
    if (report.firing) return fire_again(draft, id, alert, report);
    if (was_firing) resolve(draft, id, report);
}

void reconcile(Draft& draft, const AlertsListed& listed) {
    Symbol source = draft.symbol(listed.source);
    std::vector<std::uint64_t> gone;
    for (const auto& [id, signal] : draft.state().signals) {
        if (signal.kind != SignalKind::alert || signal.source != source || !signal.firing) continue;
        if (std::binary_search(listed.fingerprints.begin(), listed.fingerprints.end(),
                               signal.fingerprint)) {
            continue;
        }
        gone.push_back(id);
    }
    std::sort(gone.begin(), gone.end());
    for (std::uint64_t id : gone) {
        Signal& signal = draft.edit_signal(id);
        signal.firing = false;
        signal.leased = false;
        signal.ends_at = Instant{};  // not its sender's word: the same firing may come back
        judge_alert(draft, signal);
    }
}

void wake_alert(Draft& draft, Signal& signal) {
    if (signal.firing && signal.leased && signal.ends_at <= draft.now()) {
        signal.firing = false;
        signal.ends_at = Instant{};
    }
    judge_alert(draft, signal);
}

void rematch(Draft& draft, Signal& signal) {
    std::vector<Track> old = std::exchange(signal.tracks, {});
    add_tracks(draft, signal);
    for (Track& track : signal.tracks) {
        auto same = std::find_if(old.begin(), old.end(), [&](const Track& candidate) {
            return candidate.rule == track.rule;
        });
        if (same == old.end()) continue;
        std::uint64_t hash = track.content_hash;
        track = std::move(*same);
        old.erase(same);
        if (track.content_hash != hash) {  // clocks start anew; what is open stays open
            track.content_hash = hash;
            track.since.clear();
            track.clear_since.reset();
        }
    }
    judge_tracks(draft, signal);
    for (Track& track : old) {
        if (draft.text(track.rule) != unmatched_rule) {
            end_track(draft, signal, track, Because::rule_removed);
        }
    }
    forget_if_over(draft, signal);
}

}  // namespace tocsin::core
