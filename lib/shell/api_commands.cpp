// The human commands: JSON bodies to core commands, and refusals to status codes.
#include <array>
#include <utility>

#include "base/text.hpp"
#include "core/limits.hpp"
#include "integrations/json.hpp"
#include "shell/api_routes.hpp"

namespace tocsin::shell {
namespace {

using integrations::Json;

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

using Parsed = Result<core::Command>;

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

Parsed read_decline(const Json& body) {
    auto reason = needed_text(body, "reason");
    if (!reason) return reason.error();
    return core::Command(core::Decline{*std::move(reason)});
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

struct CommandRow {
    const char* name;
    Parsed (*read)(const Json& body);
};

constexpr std::array commands{
    CommandRow{"ack", read_ack},           CommandRow{"close", read_close},
    CommandRow{"decline", read_decline},   CommandRow{"note", read_note},
    CommandRow{"severity", read_severity}, CommandRow{"lead", read_lead},
};

Result<Labels> labels_of(const Json& body) {
    const Json* labels = body.find("labels");
    if (labels == nullptr || labels->is_null()) return Labels();
    if (!labels->is_object() || labels->members().size() > core::limits::labels_per_alert_max) {
        return Error{"bad_field", "`labels` must be an object of at most 64 texts", "labels"};
    }
    std::vector<std::pair<std::string, std::string>> owned;
    for (const auto& [name, value] : labels->members()) {
        const auto text = value.as_text();
        if (!text || text->size() > core::limits::label_value_bytes_max || name.empty() ||
            name.size() > core::limits::name_bytes_max) {
            return Error{"bad_field", "the label `" + truncate(name, 64) + "` must be a short text",
                         "labels"};
        }
        owned.emplace_back(name, to_valid_utf8(*text));
    }
    return Labels(std::vector<Labels::Pair>(owned.begin(), owned.end()));
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

int status_of(const Error& refusal) {
    if (refusal.code == "not_found") return 404;
    return refusal.code == "conflict" ? 409 : 400;
}

void bad_request(const Api::Call& call, const Error& error) {
    call.reply(HttpReply::error(400, error));
}

void give_command(Api& api, Api::Call call, std::uint64_t number, Parsed (*read)(const Json&)) {
    const auto body = integrations::parse_json(call.request.body,
                                               {.bytes_max = core::limits::command_body_bytes_max});
    if (!body) return bad_request(call, body.error());
    if (!body->is_object()) {
        return bad_request(call, Error{"bad_json", "the body must be a JSON object"});
    }
    auto by = needed_text(*body, "by", core::limits::name_bytes_max);
    if (!by) return bad_request(call, by.error());
    auto command = read(*body);
    if (!command) return bad_request(call, command.error());

    const int success = std::holds_alternative<core::Declare>(*command) ? 201 : 200;
    Input input;
    input.received = call.received;
    input.journal = JournalRow{.at = {},
                               .kind = "command",
                               .source = *by,
                               .body = call.request.path + "\n" + call.request.body};
    input.events.emplace_back(core::CommandGiven{
        .incident = number, .by = *std::move(by), .command = *std::move(command)});
    input.then = [&api, success, reply = call.reply,
                  settings = call.settings](const Answer& answer) {
        if (answer.kind != Answer::Kind::committed) {
            reply(HttpReply::error(
                503, Error{"store_failing", "nothing can be stored at the moment; try again"}));
        } else if (answer.refusal) {
            reply(HttpReply::error(status_of(*answer.refusal), *answer.refusal));
        } else {
            reply_with_incident(api, reply, answer.incident, success, settings);
        }
    };
    api.offer(call.reply, std::move(input));
}

}  // namespace

void declare_incident(Api& api, Api::Call call) {
    give_command(api, std::move(call), 0, read_declare);
}

void command_incident(Api& api, Api::Call call) {
    const auto number = core::incident_number(call.id);
    if (!number) {
        call.reply(HttpReply::error(404, Error{"not_found", "incidents are called INC-<number>"}));
        return;
    }
    for (const auto& row : commands) {
        if (call.command == row.name) return give_command(api, std::move(call), *number, row.read);
    }
    std::string known;
    for (const auto& row : commands) known += (known.empty() ? "" : ", ") + std::string(row.name);
    call.reply(HttpReply::error(404, Error{"no_such_command", "commands are: " + known}));
}

}  // namespace tocsin::shell
