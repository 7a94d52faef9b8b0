// The words of a mail: short sentences that read well on a phone at three in the morning.
#include "integrations/sinks/email_text.hpp"

#include "base/text.hpp"
#include "integrations/api_view.hpp"
#include "integrations/sign.hpp"

namespace tocsin::integrations {

namespace {

using core::Action;
using core::Effect;
using core::Incident;

constexpr std::size_t value_bytes_max = 2'000;  // of one line; a title or link is shorter
constexpr std::size_t labels_max = 20;          // shown; all of them are behind the link

std::string shown(std::string_view text) {
    return truncate(one_line(to_valid_utf8(trim(text))), value_bytes_max);
}

std::string title_of(const Effect& effect) {
    const Incident& incident = effect.incident;
    if (!incident.title.empty()) return incident.title;
    if (!incident.rule.empty()) return incident.rule;
    return effect.text.empty() ? "a message from tocsin" : effect.text;
}

/// 2026-03-01 02:00:00 UTC
std::string day_and_time(Instant instant) {
    const std::string text = format_rfc3339(instant);  // 2026-03-01T02:00:00.000Z
    return text.substr(0, 10) + " " + text.substr(11, 8) + " UTC";
}

/// What a mail is about, when the effect itself does not say it; ends the first paragraph.
std::string purpose(const Effect& effect) {
    const std::string id = core::incident_id(effect.incident.number);
    const std::string& by = effect.incident.acknowledged_by;
    switch (effect.action) {
        case Action::page:
            return effect.person.empty()
                       ? "Somebody has to look at this now; nobody in particular was asked."
                       : "Somebody has to look at this now, and it is your turn.";
        case Action::acknowledge_page:
            return (by.empty() ? std::string("Somebody") : shown(by)) + " has acknowledged " + id +
                   ": you need not answer this page any more.";
        case Action::resolve_page:
            return "This page for " + id + " is over: there is nothing to do for it any more.";
        case Action::test:
            return "This is a drill: nothing is wrong. That you read it is the result.";
        case Action::notify:
        case Action::update:
        case Action::publish:
        case Action::banner:
            return {};
    }
    return {};
}

/// Lines `Name:  value`, under each other.
class Facts {
public:
    void add(std::string_view name, std::string_view value) {
        if (value.empty()) return;
        std::string line(name);
        line += ':';
        line.resize(12, ' ');
        text_ += line + shown(value) + "\n";
    }
    [[nodiscard]] const std::string& text() const { return text_; }

private:
    std::string text_;
};

std::string value_of(const Incident& incident) {
    if (!incident.value) return {};
    std::string text = format_number(*incident.value);
    if (!incident.threshold.empty()) text += " (threshold: " + incident.threshold + ")";
    return text;
}

std::string labels_of(const Incident& incident) {
    std::vector<std::string> parts;
    for (const auto& [name, value] : incident.labels) {
        if (parts.size() == labels_max) break;
        parts.push_back(std::string(name) + "=" + quote(value));
    }
    const bool all = parts.size() == incident.labels.size();
    return join(parts, ", ") + (all ? "" : ", …");
}

std::string evidence(const Effect& effect, const SinkContext& context) {
    const Incident& incident = effect.incident;
    Facts facts;
    facts.add("Incident", core::incident_id(incident.number) + ", " +
                              std::string(core::name(incident.severity)) + ", " +
                              std::string(core::name(incident.state)));
    facts.add("Since", day_and_time(incident.began_at.value_or(incident.opened_at)));
    if (incident.began_at) facts.add("Declared", day_and_time(incident.opened_at));
    facts.add("Value", value_of(incident));
    facts.add("Handbook", incident.cite.empty() ? std::string() : "\"" + incident.cite + "\"");
    facts.add("Rule", incident.rule);
    facts.add("Labels", labels_of(incident));
    facts.add("Lead", incident.lead);
    std::vector<std::string> also;
    for (const std::uint64_t number : incident.also) also.push_back(core::incident_id(number));
    facts.add("Also", join(also, ", "));
    facts.add("Runbook", incident.runbook_url);
    facts.add("Measured", incident.source_url);
    facts.add("Call", context.call_url);
    return facts.text();
}

std::string link_of(const Effect& effect, const SinkContext& context) {
    if (!effect.link.empty() || effect.incident.number == 0) return shown(effect.link);
    return incident_link(context.public_url, effect.incident.number);
}

/// How to say "I have it"; on a page only.
std::string how_to_acknowledge(const Effect& effect, const std::string& link) {
    const std::string by = effect.person.empty() ? "YOUR-NAME" : shown(effect.person);
    const std::string command =
        "tocsin ack " + core::incident_id(effect.incident.number) + " --by " + by;
    if (link.empty()) return "Acknowledge: " + command + "\n";
    return "Acknowledge: open " + link + "\nor run:      " + command + "\n";
}

/// 128 bits of a digest: a key may hold anything, a message id may not.
std::string id_of(const Effect& effect, std::string_view name, std::string_view domain) {
    const std::string digest = hex(hmac_sha256("tocsin message id", name).substr(0, 16));
    const std::string about =
        effect.incident.number == 0 ? "tocsin" : core::incident_id(effect.incident.number);
    return "<" + about + "." + digest + "@" + std::string(domain) + ">";
}

std::string first_of_page(const Effect& effect) {
    return effect.page_key + "/" + std::string(core::name(Action::page));
}

}  // namespace

std::string mail_subject(const Effect& effect) {
    const std::string title = shown(title_of(effect));
    if (effect.action == Action::test) return "[drill] " + title;
    if (effect.incident.number == 0) return "[tocsin] " + title;
    const std::string subject = "[" + std::string(core::name(effect.incident.severity)) + "] " +
                                core::incident_id(effect.incident.number) + " " + title;
    return effect.action == Action::page ? subject : "Re: " + subject;
}

std::string mail_text(const Effect& effect, const SinkContext& context) {
    const std::string title = shown(title_of(effect));
    const std::string said = shown(effect.text);
    std::string text = title + "\n\n";
    if (said != title && !said.empty()) text += said + "\n";
    const std::string why = purpose(effect);
    if (!why.empty()) text += why + "\n";
    const std::string link = link_of(effect, context);
    if (effect.incident.number == 0) return text + (link.empty() ? "" : "\n" + link + "\n");
    const bool is_over =
        effect.action == Action::acknowledge_page || effect.action == Action::resolve_page;
    if (is_over) return text + (link.empty() ? "" : "\n" + link + "\n");
    text += "\n" + evidence(effect, context) + "\n";
    if (effect.action == Action::page) return text + how_to_acknowledge(effect, link);
    return text + (link.empty() ? "" : link + "\n");
}

std::string message_id(const Effect& effect, std::string_view domain) {
    return id_of(effect, effect.integration + "\n" + effect.key, domain);
}

std::vector<std::string> thread_of(const Effect& effect, std::string_view domain) {
    if (effect.incident.number == 0) return {};
    const std::string id = core::incident_id(effect.incident.number);
    // <instance>/<install-id>/INC-7/…: what comes before the episode belongs to the incident.
    const std::size_t at = effect.page_key.find("/" + id + "/");
    const std::string incident =
        at == effect.page_key.npos ? id : effect.page_key.substr(0, at + 1 + id.size());
    std::vector<std::string> thread = {id_of(effect, incident, domain)};
    const bool answers_a_page =
        effect.action == Action::acknowledge_page || effect.action == Action::resolve_page ||
        (effect.action == Action::page && effect.key != first_of_page(effect));
    if (answers_a_page) {
        thread.push_back(id_of(effect, effect.integration + "\n" + first_of_page(effect), domain));
    }
    return thread;
}

}  // namespace tocsin::integrations
