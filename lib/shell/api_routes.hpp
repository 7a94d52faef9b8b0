#pragma once
// The table of routes behind Api; included by the api_*.cpp files only.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/command.hpp"
#include "integrations/json.hpp"
#include "shell/api.hpp"

namespace tocsin::shell {

/// One admitted request on its way to its handler.
struct Api::Call {
    HttpIn request;
    Reply reply;
    std::shared_ptr<const ApiSettings> settings;
    std::string token;   // name of the token shown; empty without tokens
    std::string source;  // of that token
    std::string id;      // what stood for {id}, {command} in the path
    std::string command;
    bool may_command = false;  // by its token, or because none are configured
    Instant received;

    /// Whom a rejection is held against: the token, else the address.
    [[nodiscard]] std::string sender() const;
};

struct Route {
    const char* method;  // GET answers HEAD too
    const char* path;    // segments; {id} and {command} stand for one segment each
    Need need;
    std::size_t body_bytes_max;
    void (*handle)(Api&, Api::Call);
};

struct RouteMatch {
    const Route* route = nullptr;
    std::string id;
    std::string command;
    std::string allowed;  // methods of this path, when only the method was wrong
};

[[nodiscard]] RouteMatch find_route(std::string_view method, std::string_view path);

// api_intake.cpp
void take_webhook(Api& api, Api::Call call);
void take_alerts(Api& api, Api::Call call);
// api_commands.cpp
void declare_incident(Api& api, Api::Call call);
void command_incident(Api& api, Api::Call call);
using CommandReader = std::function<Result<core::Command>(const integrations::Json& body)>;
/// Reads the body, lets the engine carry the command out and, once that is on disk or refused,
/// calls `done`, which replies.
void give_command(Api& api, Api::Call call, std::uint64_t number, const CommandReader& read,
                  std::function<void(const Answer&)> done);
/// A command that the engine did not carry out: 404, 409 or 400.
[[nodiscard]] HttpReply refused(const Error& refusal);
// api_maintenance.cpp
void list_maintenance(Api& api, Api::Call call);
void plan_maintenance(Api& api, Api::Call call);
void end_maintenance(Api& api, Api::Call call);
// api_page.cpp
[[nodiscard]] Permission permit_page(const ApiSettings& settings, const RouteMatch& match,
                                     const HttpIn& head);
void show_page(Api& api, Api::Call call);
void act_on_page(Api& api, Api::Call call);
// api_analysis.cpp
void show_analysis_markdown(Api& api, Api::Call call);
void show_analysis_html(Api& api, Api::Call call);
void show_invitation(Api& api, Api::Call call);
// api_reads.cpp
void list_incidents(Api& api, Api::Call call);
void show_incident(Api& api, Api::Call call);
void list_verdicts(Api& api, Api::Call call);
void list_rules(Api& api, Api::Call call);
void show_metrics(Api& api, Api::Call call);
void show_healthy(Api& api, Api::Call call);
void show_ready(Api& api, Api::Call call);
void reload_files(Api& api, Api::Call call);
/// `?limit=`, at most limits::list_limit_max.
[[nodiscard]] Result<std::size_t> limit_of(const HttpIn& request);
/// Answers with the whole incident, as the read store has it.
void reply_with_incident(Api& api, const Reply& reply, std::uint64_t number, int status,
                         const std::shared_ptr<const ApiSettings>& settings);
// api_oncall.cpp
void show_oncall(Api& api, Api::Call call);

}  // namespace tocsin::shell
