// Drafts, reminders, and the words that have been published.
#include "core/communication.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "core/banner.hpp"
#include "core/limits.hpp"
#include "core/links.hpp"
#include "core/notices.hpp"
#include "core/paging.hpp"

namespace tocsin::core {
namespace {

struct Status {
    std::string_view name;
    std::string_view sentence;  // for an entry without a message; empty: the draft
};

constexpr std::array statuses{
    Status{"investigating", ""},
    Status{"identified", ""},
    Status{"monitoring", "A fix is in place, and we are watching that it holds."},
    Status{"resolved", "This incident is resolved."},
};

const Status* status_named(std::string_view name) {
    auto found = std::find_if(statuses.begin(), statuses.end(),
                              [&](const Status& status) { return status.name == name; });
    return found == statuses.end() ? nullptr : found;
}

std::string status_names() {
    std::string names;
    for (const Status& status : statuses) {
        const bool last = &status == &statuses.back();
        names += (names.empty() ? "" : last ? " or " : ", ") + std::string(status.name);
    }
    return names;
}

// `ingestion, us`: which part of the status page an entry is about.
std::string component_of(const Incident& incident) {
    const std::string region(incident.labels.get("region"));
    const char* comma = incident.component.empty() || region.empty() ? "" : ", ";
    return incident.component + comma + region;
}

std::vector<std::string> marketing(const Draft& draft) {
    return draft.rules().roster.resolve("contact:marketing", draft.now());
}

std::string how_to_publish(const Incident& incident) {
    return "tocsin statuspage " + incident_id(incident.number) + " --status investigating";
}

std::string with_draft(const Incident& incident, const std::string& text) {
    return text + ". Draft: \"" + incident.communication.draft + "\" (" + how_to_publish(incident) +
           ")";
}

// In the form of the handbook's own examples: what is the matter, and that somebody is on it.
std::string in_plain_words(const Incident& incident) {
    if (incident.private_incident || trim(incident.title).empty()) {
        return "We are working on a problem, and will post updates here.";
    }
    return truncate(
        "We are working on a problem: " + incident.title + ". We will post updates here.",
        limits::status_message_bytes_max);
}

void begin_communication(Draft& draft, Incident& incident) {
    incident.communication_due = draft.now();
    std::string text = "customer communication is due";
    std::string more;
    if (const auto names = marketing(draft); !names.empty()) {
        more = "; marketing can assist: " + join_names(names) + " (tocsin comms " +
               incident_id(incident.number) + ")";
    }
    if (may_offer_banner(incident)) {
        incident.banner.offered_at = draft.now();
        more += "; " + banner_offer(draft.policy(), incident);
    }
    draft.note(incident.number, "tocsin", "communication", with_draft(incident, text) + more);
    announce(draft, incident, with_draft(incident, text) + more);
    tell_lead(draft, incident, with_draft(incident, text) + more);
}

void order_entry(Draft& draft, const Incident& incident, const std::string& message) {
    if (draft.policy().status_page.empty()) return;
    const std::string thread = page_key(draft, incident);
    draft.order(
        Effect{.key = thread + "/publish-" + std::to_string(draft.state().counters.delivery + 1),
               .page_key = thread,
               .integration = draft.policy().status_page,
               .action = Action::publish,
               .text = message,
               .link = link_to(draft.policy(), incident),
               .incident = incident});
}

// The message that customers will read; refused if there is none, or too much of it.
std::optional<std::string> message_of(Draft& draft, const Incident& incident, const Publish& wish,
                                      const Status& status) {
    std::string message(trim(wish.message));
    if (message.empty()) message = std::string(status.sentence);
    if (message.empty()) message = incident.communication.draft;
    if (message.empty()) {
        draft.refuse("missing", "`message` is needed: nothing has been drafted", "message");
        return std::nullopt;
    }
    if (message.size() > limits::status_message_bytes_max) {
        draft.refuse("too_long",
                     "`message` has more than " + std::to_string(limits::status_message_bytes_max) +
                         " bytes",
                     "message");
        return std::nullopt;
    }
    return message;
}

}  // namespace

std::string draft_for_customers(const Draft& draft, const Incident& incident, const Signal& signal,
                                const Rule& rule, const Reading& reading) {
    if (rule.draft) {
        auto text = rule.draft->try_expand({.labels = &signal.labels,
                                            .annotations = &signal.annotations,
                                            .value = reading.value,
                                            .external_url = draft.policy().public_url});
        if (text && !trim(*text).empty()) {
            return truncate(trim(*text), limits::status_message_bytes_max);
        }
    }
    return in_plain_words(incident);
}

std::string draft_for_customers(const Incident& incident) {
    return in_plain_words(incident);
}

void communication_due(Draft& draft, std::uint64_t number) {
    const Incident& held = draft.state().incidents.at(number);
    if (!held.communication_due) return begin_communication(draft, draft.edit_incident(number));
    if (may_offer_banner(held)) offer_banner(draft, draft.edit_incident(number));
}

void communication_due(Draft& draft, std::uint64_t number, const Signal& signal, const Rule& rule,
                       const Reading& reading) {
    if (!draft.state().incidents.at(number).communication_due) {
        Incident& incident = draft.edit_incident(number);
        incident.communication.draft = draft_for_customers(draft, incident, signal, rule, reading);
    }
    communication_due(draft, number);
}

void remind_of_communication_if_due(Draft& draft, Incident& incident) {
    const auto due = communication_reminder_due(draft.rules(), incident);
    if (!due || *due > draft.now()) return;
    incident.communication.reminded_at = draft.now();
    const Duration silence = draft.now() - *incident.communication_due;
    const std::string text =
        "customers have not been told for " + format_duration(std::chrono::floor<minutes>(silence));
    draft.note(incident.number, "tocsin", "reminded", text);
    announce(draft, incident, with_draft(incident, text));
    tell_lead(draft, incident, with_draft(incident, text));
}

std::optional<Instant> communication_reminder_due(const Ruleset& rules, const Incident& incident) {
    const Communication& told = incident.communication;
    const Duration every = rules.policy.remind_communication_every;
    if (!incident.communication_due || told.published_at || every <= Duration(0)) {
        return std::nullopt;
    }
    const Instant due = *incident.communication_due;
    return std::max(due, told.reminded_at.value_or(due)) + every;
}

void publish(Draft& draft, Incident& incident, const std::string& by, const Publish& wish) {
    const Status* status = status_named(wish.status);
    if (status == nullptr) {
        return draft.refuse("bad_status", "`status` is " + status_names(), "status");
    }
    const auto message = message_of(draft, incident, wish, *status);
    if (!message) return;
    Communication& told = incident.communication;
    if (told.published_at && told.status == status->name && told.message == *message) return;
    if (!told.published_at) told.published_at = draft.now();
    told.status = std::string(status->name);
    told.message = *message;
    const std::string component = component_of(incident);
    std::string text =
        told.status + (component.empty() ? "" : " (" + component + ")") + ": " + *message;
    if (told.status == "resolved" && is_open(incident.state)) {
        text += " [the incident is still " + std::string(name(incident.state)) + "]";
    }
    if (draft.policy().status_page.empty()) {
        text += " [written down only: no integration publishes it]";
    }
    draft.note(incident.number, by, "statuspage", text);
    announce(draft, incident, by + " told customers: " + text);
    order_entry(draft, incident, *message);
}

void ask_comms(Draft& draft, Incident& incident, const std::string& by, const AskComms& wish) {
    const auto names = marketing(draft);
    if (names.empty()) {
        return draft.refuse("conflict",
                            "nobody is known to ask: name somebody in oncall.yaml, as `contacts: "
                            "{marketing: person/NAME}`");
    }
    Communication& told = incident.communication;
    const std::string wished(trim(wish.text));
    if (told.asked_at && told.asked_for == wished) return;
    told.asked_at = draft.now();
    told.asked_for = wished;
    for (const std::string& name : names) {
        auto& people = incident.people;
        const bool known = std::find(people.begin(), people.end(), name) != people.end();
        if (!known && people.size() < limits::people_involved_max) people.push_back(name);
    }
    const std::string text =
        by + " asks marketing to help telling customers" + (wished.empty() ? "" : ": " + wished);
    const auto reached = notify(draft, incident, names, incident.title + ": " + text);
    const bool nobody = reached.empty();
    draft.note(incident.number, by, "comms",
               text + (nobody ? "; no pager reaches " : "; told: ") +
                   join_names(nobody ? names : reached));
    announce(draft, incident, text + " (" + join_names(names) + ")");
}

std::optional<std::string> still_told(const Incident& incident) {
    const Communication& told = incident.communication;
    if (incident.banner.on) return "the banner is still on";
    if (told.published_at && told.status != "resolved") {
        return "the status page still says `" + told.status + "`";
    }
    return std::nullopt;
}

void remind_of_what_is_left(Draft& draft, const Incident& incident) {
    const auto left = still_told(incident);
    if (!left) return;
    const std::string id = incident_id(incident.number);
    const std::string text =
        id + " is over, but " + *left + " (" +
        (incident.banner.on ? "tocsin banner " + id + " off"
                            : "tocsin statuspage " + id + " --status resolved") +
        ")";
    draft.note(incident.number, "tocsin", "reminded", text);
    announce(draft, incident, text);
    tell_lead(draft, incident, text);
}

}  // namespace tocsin::core
