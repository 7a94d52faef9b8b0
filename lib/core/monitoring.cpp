// From `monitoring` back to `active`, or on to a proposal to close.
#include "core/monitoring.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "core/closing.hpp"
#include "core/incidents.hpp"
#include "core/notices.hpp"
#include "core/paging.hpp"

namespace tocsin::core {
namespace {

constexpr Duration propose_again_after = hours(24);
constexpr std::size_t signal_bytes_max = 200;

// What a look, or a part of it, has found.
struct Finding {
    enum class Kind : std::uint8_t { clean, unclear, breach };
    Kind kind = Kind::clean;
    std::string text;
    std::optional<double> value;
};

std::string unit_suffix(const std::string& unit) {
    if (unit == "seconds") return " s";
    if (unit == "milliseconds") return " ms";
    if (unit == "bytes") return " B";
    return unit == "percent" ? "%" : "";
}

// ` in us`: what the incident's signals have in common.
std::string place_of(const Rule& rule, const Labels& labels) {
    std::string place;
    for (const std::string& label : rule.per) {
        place += (place.empty() ? " in " : ", ") + std::string(labels.get(label));
    }
    return place;
}

Finding judge_value(const Rule& rule, const Series& series) {
    Finding finding{.value = series.value};
    const std::size_t rank = step_rank(rule, series.value);
    const Step* step = rank < rule.ladder.size() ? &rule.ladder[rank] : nullptr;
    const bool breach =
        !rule.has_thresholds || (step != nullptr && step->outcome == Outcome::incident);
    const bool readable = !rule.has_thresholds || !std::isnan(series.value);
    const bool clear = !breach && (!rule.clear.when || rule.clear.when->holds(series.value));
    const Step* lowest = lowest_incident_step(rule);
    std::string threshold;
    if (breach) {
        finding.kind = Finding::Kind::breach;
        if (step != nullptr && step->when) threshold = step->when->text;
    } else {
        finding.kind = clear && readable ? Finding::Kind::clean : Finding::Kind::unclear;
        if (rule.clear.when) {
            threshold = (clear ? "" : "not ") + rule.clear.when->text;
        } else if (lowest != nullptr && lowest->when) {
            threshold = "not " + lowest->when->text;
        }
    }
    finding.text = rule.name + " " + format_number(series.value) + unit_suffix(rule.unit) +
                   (threshold.empty() ? "" : " (" + threshold + ")") +
                   place_of(rule, series.labels);
    return finding;
}

// The worst of what the answer says of this incident.
Finding judge_answer(const Incident& incident, const Rule& rule, const SourceAnswer& answer) {
    std::optional<Finding> worst;
    std::size_t count = 0;
    for (const Series& series : answer.series) {
        if (!has_key(incident, incident_key(rule, series.labels))) continue;
        count += 1;
        Finding one = judge_value(rule, series);
        const bool worse = !worst || one.kind > worst->kind ||
                           (one.kind == worst->kind &&
                            step_rank(rule, series.value) < step_rank(rule, *worst->value));
        if (worse) worst = std::move(one);
    }
    if (worst) {
        if (count > 1) worst->text += ", worst of " + std::to_string(count);
        return *std::move(worst);
    }
    const bool absent_is_clear = !rule.has_thresholds || rule.no_data == NoData::clear;
    return {.kind = absent_is_clear ? Finding::Kind::clean : Finding::Kind::unclear,
            .text = rule.name + (absent_is_clear ? " returns nothing" : " has no data")};
}

std::string entry_of(const Rule& rule, const std::string& source) {
    return rule.name + (source.empty() ? "" : " on " + source);
}

// Sources on which this rule must be asked before it can be said that the incident is over.
std::vector<std::string> sources_to_see(const Draft& draft, const Incident& incident,
                                        const Rule& rule) {
    const State& state = draft.state();
    std::vector<std::string> sources;
    const auto add = [&](const std::string& source) {
        if (std::find(sources.begin(), sources.end(), source) == sources.end()) {
            sources.push_back(source);
        }
    };
    if (auto known = state.signals_by_rule.find(rule.name); known != state.signals_by_rule.end()) {
        for (std::uint64_t id : known->second) {
            const Signal& signal = state.signals.at(id);
            if (has_key(incident, incident_key(rule, signal.labels))) {
                add(draft.text(signal.source));
            }
        }
    }
    if (!sources.empty()) return sources;
    // No series of it is known; that says nothing while a source does not answer (H-01).
    auto health = state.health_by_rule.lower_bound({rule.name, ""});
    for (; health != state.health_by_rule.end() && health->first.first == rule.name; ++health) {
        if (state.rule_health.at(health->second).failing_since) add(health->first.second);
    }
    return sources;
}

// What the engine holds of signals that no value of this look speaks for.
Finding judge_signals(const Draft& draft, const Incident& incident) {
    Finding worst{.text = incident.rule.empty() ? "nothing measures it" : "no signal holds"};
    auto holders = draft.state().signals_by_incident.find(incident.number);
    if (holders == draft.state().signals_by_incident.end()) return worst;
    for (std::uint64_t id : holders->second) {
        const Signal& signal = draft.state().signals.at(id);
        for (const Track& track : signal.tracks) {
            if (track.incident != incident.number) continue;
            const Rule* rule = draft.rules().find(draft.text(track.rule));
            const bool seen = signal.kind == SignalKind::series && rule != nullptr &&
                              rule->incident == incident.family;
            if (seen) continue;
            const bool clearing = track.because == Because::not_clear_yet;
            const bool resolved = clearing && !signal.firing;
            Finding::Kind kind = Finding::Kind::breach;
            if (clearing || track.outcome == Outcome::in_doubt) kind = Finding::Kind::unclear;
            if (resolved || kind <= worst.kind) continue;
            worst.kind = kind;
            worst.text = truncate(signal.labels.to_string(), signal_bytes_max) + ": " +
                         std::string(sentence(track.because));
        }
    }
    return worst;
}

void propose_closing(Draft& draft, Incident& incident) {
    incident.monitoring.proposed_at = draft.now();
    const std::vector<ClosingPoint> checklist = close_checklist(draft.state(), incident);
    const std::string needed = open_points(checklist, true);
    const std::string reminders = open_points(checklist, false);
    std::string text =
        std::to_string(incident.monitoring.looks_clean) + " clean looks in a row: it may be closed";
    if (!needed.empty()) text += ". Closing asks for: " + needed;
    if (!reminders.empty()) text += ". Not forgotten? " + reminders;
    const std::vector<std::string> told = tell_lead(draft, incident, incident.title + ": " + text);
    draft.note(incident.number, "tocsin", "proposed", text + " (told: " + join_names(told) + ")");
    announce(draft, incident, text);
}

void plan_next_look(Draft& draft, Incident& incident) {
    Monitoring& monitoring = incident.monitoring;
    const Duration every = draft.policy().recheck.every;
    const Instant next = monitoring.next_look_at.value_or(draft.now()) + every;
    monitoring.next_look_at = next > draft.now() ? next : draft.now() + every;
    monitoring.looking_until.reset();
    monitoring.unseen.clear();
    monitoring.unclear = false;
}

// `line`: what the values said last, empty if there were none.
void finish_look(Draft& draft, Incident& incident, Finding last) {
    const Finding held = judge_signals(draft, incident);
    if (held.kind == Finding::Kind::breach) {
        return resume(draft, incident, "active again: " + held.text, held.value);
    }
    Monitoring& monitoring = incident.monitoring;
    if (last.text.empty() || held.kind == Finding::Kind::unclear) {
        last.text += (last.text.empty() ? "" : "; ") + held.text;
    }
    const bool clean = !monitoring.unclear && held.kind == Finding::Kind::clean;
    monitoring.looks_clean = clean ? monitoring.looks_clean + 1 : 0;
    const std::uint32_t asked = draft.policy().recheck.clean;
    draft.note(incident.number, "tocsin", "look",
               last.text + (clean ? ": clean, " : ": not clear yet, ") +
                   std::to_string(monitoring.looks_clean) + " of " + std::to_string(asked),
               last.value);
    plan_next_look(draft, incident);
    if (monitoring.looks_clean >= asked && !monitoring.proposed_at) {
        propose_closing(draft, incident);
    }
}

void begin_look(Draft& draft, Incident& incident) {
    Monitoring& monitoring = incident.monitoring;
    Duration waits = look_waits;
    for (const Rule& rule : draft.rules().rules) {
        if (rule.kind != RuleKind::expression || rule.incident != incident.family) continue;
        for (const std::string& source : sources_to_see(draft, incident, rule)) {
            monitoring.unseen.push_back(entry_of(rule, source));
            waits = std::max<Duration>(waits, rule.interval + minutes(1));
        }
    }
    if (monitoring.unseen.empty()) return finish_look(draft, incident, {});
    monitoring.looking_until = draft.now() + waits;
}

void give_up_look(Draft& draft, Incident& incident) {
    const std::string text =
        "could not look: " + join(incident.monitoring.unseen, ", ") + " does not answer";
    incident.monitoring.looks_clean = 0;
    draft.note(incident.number, "tocsin", "look", text);
    plan_next_look(draft, incident);
}

void see_values(Draft& draft, Incident& incident, const Rule& rule, const SourceAnswer& answer) {
    std::erase(incident.monitoring.unseen, entry_of(rule, answer.source));
    Finding finding = judge_answer(incident, rule, answer);
    if (finding.kind == Finding::Kind::breach) {
        return resume(draft, incident, "active again: " + finding.text, finding.value);
    }
    if (finding.kind == Finding::Kind::unclear) incident.monitoring.unclear = true;
    if (incident.monitoring.unseen.empty()) {
        return finish_look(draft, incident, std::move(finding));
    }
    draft.note(incident.number, "tocsin", "look", finding.text, finding.value);
}

std::optional<Instant> proposal_due(const Policy& policy, const Incident& incident) {
    const Monitoring& monitoring = incident.monitoring;
    if (!monitoring.proposed_at || monitoring.looks_clean < policy.recheck.clean) {
        return std::nullopt;
    }
    return next_inside(policy.working_hours, *monitoring.proposed_at + propose_again_after);
}

}  // namespace

void start_monitoring(Draft& draft, Incident& incident, const std::string& by,
                      const std::string& text) {
    incident.state = IncidentState::monitoring;
    incident.monitoring = {.since = draft.now(),
                           .next_look_at = draft.now() + draft.policy().recheck.every};
    if (!incident.mitigated_at) incident.mitigated_at = draft.now();
    if (by != "tocsin" && !incident.acknowledged_at) {  // whoever says so has it
        incident.acknowledged_at = draft.now();
        incident.acknowledged_by = by;
        if (incident.lead.empty()) incident.lead = by;
    }
    draft.note(incident.number, by, "monitoring", text);
    // Nobody is woken for what is over or mended: the looks speak for it. If it breaks again, the
    // lead is told, and paged when no word follows.
    acknowledge_pages(draft, incident, text);
    if (by == "tocsin") tell_lead(draft, incident, incident.title + ": " + text);
    announce(draft, incident, text);
}

void resume(Draft& draft, Incident& incident, const std::string& text,
            std::optional<double> value) {
    incident.state = IncidentState::active;
    incident.monitoring = {};
    draft.note(incident.number, "tocsin", "active", text, value);
    tell_lead(draft, incident, incident.title + ": " + text);
    announce(draft, incident, text);
}

void resume_if_monitoring(Draft& draft, std::uint64_t number, const Signal& signal,
                          const Reading& reading, const Decision& decision, bool newly) {
    const Incident& held = draft.state().incidents.at(number);
    if (held.state != IncidentState::monitoring) return;
    const bool before_first_look =
        held.monitoring.since &&
        draft.now() < *held.monitoring.since + draft.policy().recheck.every;
    if (!newly && before_first_look) return;
    std::string text =
        "active again: " + truncate(signal.labels.to_string(), signal_bytes_max) + " holds";
    if (reading.value) text += ", value " + format_number(*reading.value);
    if (decision.step != nullptr && decision.step->when) {
        text += " (" + decision.step->when->text + ")";
    }
    resume(draft, draft.edit_incident(number), text, reading.value);
}

void look_if_due(Draft& draft, Incident& incident) {
    if (incident.state != IncidentState::monitoring) return;
    const Monitoring& monitoring = incident.monitoring;
    if (monitoring.looking_until) {
        if (*monitoring.looking_until <= draft.now()) give_up_look(draft, incident);
    } else if (!monitoring.next_look_at || *monitoring.next_look_at <= draft.now()) {
        begin_look(draft, incident);
    }
    const std::optional<Instant> proposal = proposal_due(draft.policy(), incident);
    if (proposal && *proposal <= draft.now()) propose_closing(draft, incident);
}

std::optional<Instant> look_due(const Ruleset& rules, const Incident& incident) {
    if (incident.state != IncidentState::monitoring) return std::nullopt;
    const Monitoring& monitoring = incident.monitoring;
    // Rows of the first release carry no look: it is due since the incident was opened.
    Instant next = monitoring.looking_until ? *monitoring.looking_until
                                            : monitoring.next_look_at.value_or(incident.opened_at);
    const std::optional<Instant> proposal = proposal_due(rules.policy, incident);
    return proposal && *proposal < next ? *proposal : next;
}

void look_at_answers(Draft& draft, const Rule& rule, const std::vector<SourceAnswer>& answers) {
    auto family = draft.state().open_by_family.find(rule.incident);
    if (family == draft.state().open_by_family.end()) return;
    const std::vector<std::uint64_t> open(family->second.begin(), family->second.end());
    for (const SourceAnswer& answer : answers) {
        if (answer.kind != SourceAnswer::Kind::complete) continue;
        const std::string entry = entry_of(rule, answer.source);
        for (std::uint64_t number : open) {
            const Incident& held = draft.state().incidents.at(number);
            const std::vector<std::string>& unseen = held.monitoring.unseen;
            if (std::find(unseen.begin(), unseen.end(), entry) == unseen.end()) continue;
            see_values(draft, draft.edit_incident(number), rule, answer);
        }
    }
}

}  // namespace tocsin::core
