// Complains of everything that must never be in the simulated year.
#include "support/year_checker.hpp"

#include <algorithm>

namespace tocsin::year {
namespace {

using namespace core;

constexpr std::size_t problems_max = 20;
// The longest silence between two pages that is still "asking": a service that has confirmed is
// given fifteen minutes before the fallback, and everything else comes sooner.
constexpr Duration asked_every_max = minutes(15) + seconds(30);

template <class T>
const T* held_in(const Boxed<Record>& record) {
    return record ? std::get_if<T>(&*record) : nullptr;
}

template <class T>
bool is_command(const Event& event) {
    const auto* given = std::get_if<CommandGiven>(&event);
    return given != nullptr && std::holds_alternative<T>(given->command);
}

// `source/metrics`, `integration/mail`: what tocsin notices of itself is no worse for lasting.
bool is_of_itself(const Incident& incident) {
    return incident.declared_by.empty() && incident.key.find('/') != std::string::npos;
}

Instant later(Instant one, const std::optional<Instant>& other) {
    return other ? std::max(one, *other) : one;
}

}  // namespace

void Checker::problem(Instant now, std::uint64_t incident, const std::string& text) {
    if (problems_.size() >= problems_max) return;
    std::string line = format_rfc3339(now) + " " + incident_id(incident) + " ";
    const auto view = views_.find(incident);
    if (view != views_.end()) {
        const Incident& record = view->second.record;
        line += record.key + " " + std::string(name(record.severity)) + " " +
                std::string(name(record.state)) + ": ";
    }
    problems_.push_back(line + text);
}

bool Checker::pages(const Incident& incident) const {
    if (incident.page == PageWhen::never) return false;
    if (incident.page != PageWhen::by_severity) return true;
    return policy_.of(incident.severity).page != PageWhen::never;
}

// ---- what a step says -----------------------------------------------------------------------

void Checker::see(const Event& event, const StepOutcome& outcome, const Policy& policy,
                  Instant now) {
    policy_ = policy;
    if (is_command<Acknowledge>(event) && !outcome.refusal) {
        const auto view = views_.find(std::get<CommandGiven>(event).incident);
        if (view != views_.end() && is_open(view->second.record.state)) {
            view->second.answered = true;
        }
    }
    for (const Change& change : outcome.changes) {
        if (const auto* incident = held_in<Incident>(change.after)) {
            see_record(event, *incident, now);
        }
    }
    for (const Change& change : outcome.changes) {
        if (const auto* entry = held_in<TimelineEntry>(change.after)) see_entry(*entry, now);
    }
    for (const Effect& effect : outcome.effects) see_effect(effect, now);
    for (const Change& change : outcome.changes) {
        if (const auto* delivery = held_in<Delivery>(change.after)) see_delivery(*delivery);
    }
}

void Checker::see_new_episode(View& view, const Incident& after, Instant now) {
    const std::uint64_t number = after.number;
    view = View{};
    view.record = after;
    if (!after.declared_by.empty()) return;
    bool may = truth_.may_open(after.key, now);
    for (const std::string& key : after.merged_keys) may = may || truth_.may_open(key, now);
    if (!may) problem(now, number, "has opened, but nothing outside is an incident");
}

void Checker::see_record(const Event& event, const Incident& after, Instant now) {
    View& view = views_[after.number];
    const Incident before = view.record;
    const bool opened = before.number == 0 || after.episode != before.episode;
    if (opened && before.number != 0 && is_command<Reopen>(event)) {
        view = View{};
        view.record = after;
        return;
    }
    if (opened) return see_new_episode(view, after, now);
    view.record = after;
    const bool by_person = std::holds_alternative<CommandGiven>(event);
    if (after.severity < before.severity) {
        if (!is_command<ChangeSeverity>(event)) {
            problem(now, after.number, "its severity has fallen by itself");
        }
        view.severity_at = now;
    }
    if (after.severity > before.severity) {
        view.severity_at = now;
        view.answered = false;
        view.question_asked_at.reset();
        if (std::holds_alternative<Tick>(event)) see_raised_by_time(view, before, now);
    }
    if (after.state != before.state) {
        view.looks = 0;
        view.monitored_since.reset();
        if (after.state == IncidentState::monitoring) {
            view.monitored_since = now;
            view.answered = true;  // the looks speak for it
        }
    }
    if (after.last_word_at != before.last_word_at && !by_person) {
        problem(now, after.number, "a word is counted that nobody has said");
    }
    const bool closed_itself = is_open(before.state) && after.state == IncidentState::closed &&
                               after.closed_by == "cleared";
    if (closed_itself && before.acknowledged_at && before.severity >= Severity::major) {
        problem(now, after.number, "has closed by itself although somebody has it");
    }
}

void Checker::see_raised_by_time(const View& view, const Incident& before, Instant now) {
    if (truth_.may_open(before.key, now) && truth_.window_ended(now)) return;
    const std::optional<Duration>& after = policy_.of(before.severity).ask_to_raise_after;
    const bool due = after && now >= before.opened_at + *after;
    if (!due) problem(now, before.number, "has risen too early");
    if (before.acknowledged_at) problem(now, before.number, "has risen over who has it");
    if (view.record.severity != Severity::critical) problem(now, before.number, "rose to where?");
}

void Checker::see_delivery(const Delivery& delivery) {
    if (!is_final(delivery.state)) return;
    const auto view = views_.find(delivery.effect.incident.number);
    if (view != views_.end()) view->second.pages_out.erase(delivery.effect.id);
}

void Checker::see_effect(const Effect& effect, Instant now) {
    const std::uint64_t number = effect.incident.number;
    if (!keys_.insert(effect.integration + " " + effect.key).second) {
        problem(now, number, "the key is used twice: " + effect.key);
    }
    if (effect.action != Action::page) return;
    const auto view = views_.find(number);
    if (view == views_.end()) return problem(now, number, "a page for what was never declared");
    see_page(view->second, effect, now);
}

void Checker::see_page(View& view, const Effect& effect, Instant now) {
    const Incident& record = view.record;
    if (!is_open(record.state)) problem(now, record.number, "a page for what is over");
    if (!pages(record)) problem(now, record.number, "a page although its policy says none");
    if (record.page == PageWhen::working_hours && !view.asked_at &&
        !contains(policy_.working_hours, now)) {
        problem(now, record.number, "a page at night for what can wait");
    }
    if (view.answered) {
        const Instant silent = later(later(word_of(record), view.paged_anew_at), view.severity_at);
        if (now < silent + policy_.ask_again_after) {
            problem(now, record.number, "a page although somebody has it: " + effect.text);
        }
        view.answered = false;
        view.paged_anew_at = now;
    }
    view.asked_at = now;
    view.pages_out.insert(effect.id);
}

void Checker::see_entry(const TimelineEntry& entry, Instant now) {
    const auto found = views_.find(entry.incident);
    if (found == views_.end() || entry.by != "tocsin") return;
    View& view = found->second;
    if (entry.what == "reminded") see_reminder(view, entry, now);
    const bool whole_look = entry.what == "look" && (entry.text.ends_with(" of 4") ||
                                                     entry.text.starts_with("could not look"));
    if (whole_look) see_look(view, now);
    if (entry.what == "asked") {
        reminders_ += 1;
        if (view.question_asked_at) problem(now, entry.incident, "asked twice whether to raise");
        const std::optional<Instant> due = question_due(view);
        if (!due || now < *due) problem(now, entry.incident, "asked too early whether to raise");
        view.question_asked_at = now;
    }
}

void Checker::see_reminder(View& view, const TimelineEntry& entry, Instant now) {
    reminders_ += 1;
    if (entry.text.starts_with("no word for")) {
        const std::optional<Instant> due = word_due(view);
        if (!due || now < *due) problem(now, entry.incident, "asked for a word too early or twice");
        view.word_asked_at = now;
    }
    if (entry.text.starts_with("customers have not been told")) {
        const std::optional<Instant> due = customers_due(view);
        if (!due || now < *due) {
            problem(now, entry.incident, "asked too early or twice to tell customers");
        }
        view.customers_asked_at = now;
    }
}

void Checker::see_look(View& view, Instant now) {
    reminders_ += 1;
    view.looks += 1;
    const Duration passed = now - view.monitored_since.value_or(now);
    if (view.looks > passed / policy_.recheck.every) {
        problem(now, view.record.number, "looked at too often");
    }
}

// ---- what must be at every instant ------------------------------------------------------------

Instant Checker::word_of(const Incident& incident) {
    if (incident.last_word_at) return *incident.last_word_at;
    return incident.acknowledged_at.value_or(incident.opened_at);
}

std::optional<Instant> Checker::word_due(const View& view) const {
    const Incident& record = view.record;
    const SeverityPolicy& of = policy_.of(record.severity);
    const Instant latest = later(word_of(record), view.word_asked_at);
    if (of.update_every) {
        if (record.state != IncidentState::active) return std::nullopt;
        return later(latest, view.severity_at) + *of.update_every;
    }
    if (!of.remind_after || record.state == IncidentState::monitoring) return std::nullopt;
    return next_inside(policy_.working_hours, latest + *of.remind_after);
}

std::optional<Instant> Checker::question_due(const View& view) const {
    const std::optional<Duration>& after = policy_.of(view.record.severity).ask_to_raise_after;
    const bool could_rise = view.record.severity < Severity::critical && !is_of_itself(view.record);
    if (!after || !could_rise) return std::nullopt;
    return later(view.record.opened_at, view.severity_at) + *after;
}

std::optional<Instant> Checker::customers_due(const View& view) const {
    const Incident& record = view.record;
    if (!record.communication_due || record.communication.published_at) return std::nullopt;
    return later(*record.communication_due, view.customers_asked_at) +
           policy_.remind_communication_every;
}

void Checker::look(const State& state, Instant now) {
    if (next_wakeup(state) && *next_wakeup(state) <= now) {
        problem(now, 0, "a timer of the past is still there");
    }
    std::set<std::string> open;
    for (auto view = views_.begin(); view != views_.end();) {
        const Incident& record = view->second.record;
        if (!is_open(record.state)) {
            view = record.retired ? views_.erase(view) : std::next(view);
            continue;
        }
        if (!open.insert(record.key).second) problem(now, record.number, "is open twice");
        open.insert(record.merged_keys.begin(), record.merged_keys.end());
        look_at(view->second, now);
        ++view;
    }
    for (const std::string& key : truth_.must_be_open(now)) {
        if (!open.contains(key)) problem(now, 0, key + " is broken, and no incident is open");
    }
}

void Checker::look_at(const View& view, Instant now) {
    const Incident& record = view.record;
    const bool waits = record.page_at && *record.page_at > now;
    if (pages(record) && !view.answered && !waits && view.pages_out.empty()) {
        if (!view.asked_at) {
            problem(now, record.number, "nobody has been asked");
        } else if (now - *view.asked_at > asked_every_max) {
            problem(now, record.number, "nobody is asked any more");
        }
    }
    const Instant silent = later(later(word_of(record), view.paged_anew_at), view.severity_at);
    const bool is_time =
        !waits && (record.page != PageWhen::working_hours || contains(policy_.working_hours, now));
    const bool silence_pages = is_time && view.answered && pages(record) &&
                               record.acknowledged_at && record.state == IncidentState::active &&
                               record.severity >= Severity::major && view.asked_at;
    if (silence_pages && silent + policy_.ask_again_after < now) {
        problem(now, record.number, "somebody has it and is silent, and nobody is asked again");
    }
    look_at_reminders(view, now);
    look_at_looks(view, now);
}

void Checker::look_at_reminders(const View& view, Instant now) {
    const Incident& record = view.record;
    const std::optional<Instant> word = word_due(view);
    if (word && *word < now) problem(now, record.number, "nobody has been asked for a word");
    const std::optional<Instant> customers = customers_due(view);
    if (customers && *customers < now) {
        problem(now, record.number, "nobody has been asked to tell customers");
    }
    const std::optional<Instant> question = question_due(view);
    const bool could_ask = record.acknowledged_at && record.state == IncidentState::active;
    if (question && *question < now && could_ask && !view.question_asked_at &&
        !record.asked_to_raise_at) {
        problem(now, record.number, "nobody has been asked whether to raise it");
    }
}

// A look waits for the next values, which come every five minutes; the next one is not later for
// it.
void Checker::look_at_looks(const View& view, Instant now) {
    if (!view.monitored_since) return;
    const Duration passed = now - *view.monitored_since - minutes(7);
    if (view.looks < passed / policy_.recheck.every) {
        problem(now, view.record.number, "nobody looks at it any more");
    }
}

}  // namespace tocsin::year
