// Reads each command's JSON body; a field that cannot be read is named in the error.
#include "shell/api_command_bodies.hpp"

#include <array>
#include <utility>

#include "base/text.hpp"
#include "core/limits.hpp"

namespace tocsin::shell {
namespace {

using integrations::Json;
using Parsed = Result<core::Command>;

Error missing(const char* field) {
    return Error{"missing_field", std::string("`") + field + "` is needed", field};
}

Result<std::string> text_of(const Json& body, const char* field, std::size_t bytes_max) {
    const Json* member = body.find(field);
    if (member == nullptr || member->is_null()) return std::string();
    const auto text = member->as_text();
    if (!text) return Error{"bad_field", std::string("`") + field + "` must be text", field};
    if (text->size() > bytes_max) {
        return Error{
            "bad_field",
            std::string("`") + field + "` has more than " + std::to_string(bytes_max) + " bytes",
            field};
    }
    return to_valid_utf8(*text);
}

Result<std::string> needed_text(const Json& body, const char* field,
                                std::size_t bytes_max = core::limits::text_bytes_max) {
    auto text = text_of(body, field, bytes_max);
    if (text && trim(*text).empty()) return missing(field);
    return text;
}

Result<core::Severity> severity_of(const Json& body, bool needed) {
    const auto text = text_of(body, "severity", core::limits::name_bytes_max);
    if (!text) return text.error();
    if (text->empty()) {
        if (needed) return missing("severity");
        return core::Severity::none;
    }
    const auto severity = core::severity_named(*text);
    if (!severity || *severity == core::Severity::none) {
        return Error{"bad_severity", "severity is minor, major or critical", "severity"};
    }
    return *severity;
}

Parsed read_ack(const Json&) {
    return core::Command(core::Acknowledge{});
}

// Which of the three are needed depends on the incident: the engine says what is missing.
Parsed read_close(const Json& body) {
    core::Close close;
    const std::array fields{std::pair("cause", &close.cause), std::pair("fix", &close.fix),
                            std::pair("force", &close.force)};
    for (const auto& [field, target] : fields) {
        auto text = text_of(body, field, core::limits::text_bytes_max);
        if (!text) return text.error();
        *target = *std::move(text);
    }
    return core::Command(std::move(close));
}

Parsed read_note(const Json& body) {
    auto text = needed_text(body, "text");
    if (!text) return text.error();
    return core::Command(core::Note{*std::move(text)});
}

Parsed read_severity(const Json& body) {
    const auto severity = severity_of(body, true);
    if (!severity) return severity.error();
    auto reason = needed_text(body, "reason");
    if (!reason) return reason.error();
    return core::Command(core::ChangeSeverity{*severity, *std::move(reason)});
}

Parsed read_lead(const Json& body) {
    auto person = text_of(body, "person", core::limits::name_bytes_max);  // empty: who says so
    if (!person) return person.error();
    return core::Command(core::TakeLead{*std::move(person)});
}

Parsed read_involve(const Json& body) {
    auto person = needed_text(body, "person", core::limits::name_bytes_max);
    if (!person) return person.error();
    return core::Command(core::Involve{*std::move(person)});
}

Parsed read_statuspage(const Json& body) {
    auto message = text_of(body, "message", core::limits::text_bytes_max);  // empty: the draft
    if (!message) return message.error();
    auto status = needed_text(body, "status", core::limits::name_bytes_max);
    if (!status) return status.error();
    return core::Command(core::Publish{*std::move(message), *std::move(status)});
}

Parsed read_banner(const Json& body) {
    const Json* on = body.find("on");
    if (on == nullptr || on->is_null()) return missing("on");
    if (!on->as_bool()) return Error{"bad_field", "`on` must be true or false", "on"};
    auto text = text_of(body, "text", core::limits::text_bytes_max);  // empty: the generic one
    if (!text) return text.error();
    return core::Command(core::SetBanner{*on->as_bool(), *std::move(text)});
}

Parsed read_comms(const Json& body) {
    auto text = text_of(body, "text", core::limits::text_bytes_max);
    if (!text) return text.error();
    return core::Command(core::AskComms{*std::move(text)});
}

Parsed read_monitoring(const Json& body) {
    auto text = text_of(body, "text", core::limits::text_bytes_max);  // empty: the fix is in place
    if (!text) return text.error();
    return core::Command(core::StartMonitoring{*std::move(text)});
}

template <class WithReason>
Parsed read_reason(const Json& body) {
    auto reason = needed_text(body, "reason");
    if (!reason) return reason.error();
    return core::Command(WithReason{*std::move(reason)});
}

// `"INC-8"`, `"8"` or `8`.
Parsed read_merge(const Json& body) {
    const Json* into = body.find("into");
    if (into == nullptr || into->is_null()) return missing("into");
    std::string text = into->as_text().value_or("");
    if (into->as_number()) text = into->dump();
    const auto number = core::incident_number(text.starts_with("INC-") ? text : "INC-" + text);
    if (!number) return Error{"bad_field", "`into` must be an incident, as INC-8", "into"};
    return core::Command(core::Merge{*number});
}

struct Row {
    const char* name;
    ReadCommand read;
};

constexpr std::array commands{
    Row{"ack", read_ack},
    Row{"close", read_close},
    Row{"decline", read_reason<core::Decline>},
    Row{"note", read_note},
    Row{"severity", read_severity},
    Row{"lead", read_lead},
    Row{"involve", read_involve},
    Row{"statuspage", read_statuspage},
    Row{"banner", read_banner},
    Row{"comms", read_comms},
    Row{"monitoring", read_monitoring},
    Row{"reopen", read_reason<core::Reopen>},
    Row{"merge", read_merge},
    Row{"skip", read_reason<core::Skip>},
};

Result<Labels> labels_of(const Json& body, const char* field = "labels") {
    const Json* labels = body.find(field);
    if (labels == nullptr || labels->is_null()) return Labels();
    if (!labels->is_object() || labels->members().size() > core::limits::labels_per_alert_max) {
        return Error{"bad_field",
                     "`" + std::string(field) + "` must be an object of at most 64 texts", field};
    }
    std::vector<std::pair<std::string, std::string>> owned;
    for (const auto& [name, value] : labels->members()) {
        const auto text = value.as_text();
        if (!text || text->size() > core::limits::label_value_bytes_max || name.empty() ||
            name.size() > core::limits::name_bytes_max) {
            return Error{"bad_field", "the label `" + truncate(name, 64) + "` must be a short text",
                         field};
        }
        owned.emplace_back(name, to_valid_utf8(*text));
    }
    return Labels(std::vector<Labels::Pair>(owned.begin(), owned.end()));
}

// `2026-03-01T02:00:00Z`, `2026-03-01T02:00Z`, with any offset; Instant{}: not given.
Result<Instant> instant_of(const Json& body, const char* field) {
    auto text = text_of(body, field, core::limits::name_bytes_max);
    if (!text) return text.error();
    if (text->empty()) return Instant{};
    constexpr std::size_t to_the_minute = 16;
    if (text->size() > to_the_minute && (*text)[to_the_minute] != ':') {
        text->insert(to_the_minute, ":00");
    }
    const auto instant = parse_rfc3339(*text);
    if (instant) return *instant;
    return Error{"bad_field", std::string("`") + field + "` must be a time as 2026-03-01T02:00Z",
                 field};
}

// From `to`, or `for` so long.
Result<Instant> end_of(const Json& body, Instant from) {
    const auto to = instant_of(body, "to");
    if (!to) return to.error();
    const auto lasts = text_of(body, "for", core::limits::name_bytes_max);
    if (!lasts) return lasts.error();
    if (lasts->empty() && *to == Instant{}) return missing("to");
    if (lasts->empty()) return *to;
    if (*to != Instant{}) return Error{"bad_field", "give either `to` or `for`", "for"};
    const auto duration = parse_duration(*lasts);
    if (!duration || *duration > core::limits::window_length_max) {
        return Error{"bad_field",
                     "`for` must be a duration as 2h30m, at most " +
                         format_duration(core::limits::window_length_max),
                     "for"};
    }
    return from + *duration;
}

Result<std::vector<std::string>> names_of(const Json& body, const char* field) {
    const Json* list = body.find(field);
    std::vector<std::string> names;
    if (list == nullptr || list->is_null()) return names;
    const Error bad{"bad_field", std::string("`") + field + "` must be a list of names", field};
    if (!list->is_list() || list->items().size() > core::limits::window_rules_max) return bad;
    for (const Json& item : list->items()) {
        const auto name = item.as_text();
        if (!name || name->size() > core::limits::name_bytes_max) return bad;
        names.push_back(to_valid_utf8(*name));
    }
    return names;
}

}  // namespace

Parsed read_plan(const Json& body, Instant now) {
    core::PlanMaintenance plan;
    auto name = needed_text(body, "name", core::limits::name_bytes_max);
    if (!name) return name.error();
    const auto from = instant_of(body, "from");
    if (!from) return from.error();
    plan.from = *from == Instant{} ? now : *from;
    const auto to = end_of(body, plan.from);
    if (!to) return to.error();
    auto match = labels_of(body, "match");
    if (!match) return match.error();
    auto rules = names_of(body, "rules");
    if (!rules) return rules.error();
    auto announcement = text_of(body, "announcement", core::limits::url_bytes_max);
    if (!announcement) return announcement.error();
    plan.name = *std::move(name);
    plan.to = *to;
    plan.match = *std::move(match);
    plan.rules = *std::move(rules);
    plan.announcement = *std::move(announcement);
    return core::Command(std::move(plan));
}

Parsed read_declare(const Json& body) {
    auto title = needed_text(body, "title", core::limits::label_value_bytes_max);
    if (!title) return title.error();
    const auto severity = severity_of(body, false);
    if (!severity) return severity.error();
    auto labels = labels_of(body);
    if (!labels) return labels.error();
    return core::Command(core::Declare{*std::move(title), *severity, *std::move(labels)});
}

Result<std::string> read_by(const Json& body) {
    return needed_text(body, "by", core::limits::name_bytes_max);
}

ReadCommand command_named(std::string_view name) {
    for (const Row& row : commands) {
        if (name == row.name) return row.read;
    }
    return nullptr;
}

std::string command_names() {
    std::string names;
    for (const Row& row : commands) names += (names.empty() ? "" : ", ") + std::string(row.name);
    return names;
}

}  // namespace tocsin::shell
