// The human commands: which one a path names, and refusals to status codes.
#include <utility>

#include "core/limits.hpp"
#include "shell/api_command_bodies.hpp"
#include "shell/api_routes.hpp"

namespace tocsin::shell {
namespace {

using integrations::Json;

void bad_request(const Api::Call& call, const Error& error) {
    call.reply(HttpReply::error(400, error));
}

void command_on(Api& api, Api::Call call, std::uint64_t number, ReadCommand read, int success) {
    auto done = [&api, success, reply = call.reply,
                 settings = call.settings](const Answer& answer) {
        if (answer.refusal) return reply(refused(*answer.refusal));
        reply_with_incident(api, reply, answer.incident, success, settings);
    };
    give_command(api, std::move(call), number, read, std::move(done));
}

}  // namespace

HttpReply refused(const Error& refusal) {
    const int status = refusal.code == "not_found" ? 404 : refusal.code == "conflict" ? 409 : 400;
    return HttpReply::error(status, refusal);
}

void give_command(Api& api, Api::Call call, std::uint64_t number, const CommandReader& read,
                  std::function<void(const Answer&)> done) {
    const auto body = integrations::parse_json(call.request.body,
                                               {.bytes_max = core::limits::command_body_bytes_max});
    if (!body) return bad_request(call, body.error());
    if (!body->is_object()) {
        return bad_request(call, Error{"bad_json", "the body must be a JSON object"});
    }
    auto by = read_by(*body);
    if (!by) return bad_request(call, by.error());
    auto command = read(*body);
    if (!command) return bad_request(call, command.error());

    Input input;
    input.received = call.received;
    input.journal = JournalRow{.at = {},
                               .kind = "command",
                               .source = *by,
                               .body = call.request.path + "\n" + call.request.body};
    input.events.emplace_back(core::CommandGiven{
        .incident = number, .by = *std::move(by), .command = *std::move(command)});
    input.then = [reply = call.reply, done = std::move(done)](const Answer& answer) {
        if (answer.kind == Answer::Kind::committed) return done(answer);
        reply(HttpReply::error(
            503, Error{"store_failing", "nothing can be stored at the moment; try again"}));
    };
    api.offer(call.reply, std::move(input));
}

void declare_incident(Api& api, Api::Call call) {
    command_on(api, std::move(call), 0, read_declare, 201);
}

void command_incident(Api& api, Api::Call call) {
    const auto number = core::incident_number(call.id);
    if (!number) {
        call.reply(HttpReply::error(404, Error{"not_found", "incidents are called INC-<number>"}));
        return;
    }
    if (ReadCommand read = command_named(call.command)) {
        return command_on(api, std::move(call), *number, read, 200);
    }
    call.reply(HttpReply::error(404, Error{"no_such_command", "commands are: " + command_names()}));
}

}  // namespace tocsin::shell
