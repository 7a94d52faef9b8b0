// Finds the route, asks for permission, and passes requests to engine and read store.
#include "shell/api.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "core/limits.hpp"
#include "shell/api_routes.hpp"

namespace tocsin::shell {
namespace {

constexpr std::size_t alerts_bytes = core::limits::alert_body_bytes_max;
constexpr std::size_t command_bytes = core::limits::command_body_bytes_max;

constexpr std::array routes{
    Route{"POST", "/api/v1/alertmanager", Need::alerts, alerts_bytes, take_webhook},
    Route{"POST", "/api/v2/alerts", Need::alerts, alerts_bytes, take_alerts},
    Route{"GET", "/api/v1/incidents", Need::read, 0, list_incidents},
    Route{"POST", "/api/v1/incidents", Need::command, command_bytes, declare_incident},
    Route{"GET", "/api/v1/incidents/{id}", Need::read, 0, show_incident},
    Route{"GET", "/api/v1/incidents/{id}/analysis.md", Need::read, 0, show_analysis_markdown},
    Route{"GET", "/api/v1/incidents/{id}/analysis.html", Need::read, 0, show_analysis_html},
    Route{"GET", "/api/v1/incidents/{id}/analysis.ics", Need::read, 0, show_invitation},
    Route{"GET", "/incidents/{id}", Need::page, 0, show_page},
    Route{"POST", "/incidents/{id}", Need::page, core::limits::page_form_bytes_max, act_on_page},
    Route{"POST", "/api/v1/incidents/{id}/{command}", Need::command, command_bytes,
          command_incident},
    Route{"GET", "/api/v1/verdicts", Need::read, 0, list_verdicts},
    Route{"GET", "/api/v1/maintenance", Need::read, 0, list_maintenance},
    Route{"POST", "/api/v1/maintenance", Need::command, command_bytes, plan_maintenance},
    Route{"POST", "/api/v1/maintenance/{id}/end", Need::command, command_bytes, end_maintenance},
    Route{"GET", "/api/v1/rules", Need::read, 0, list_rules},
    Route{"GET", "/api/v1/oncall", Need::read, 0, show_oncall},
    Route{"GET", "/metrics", Need::open, 0, show_metrics},
    Route{"GET", "/-/healthy", Need::open, 0, show_healthy},
    Route{"GET", "/-/ready", Need::open, 0, show_ready},
    Route{"POST", "/-/reload", Need::command, command_bytes, reload_files},
};

bool fits(const Route& route, const std::vector<std::string_view>& segments, RouteMatch& match) {
    const auto pattern = split(route.path, '/');
    if (pattern.size() != segments.size()) return false;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == "{id}") {
            match.id = segments[i];
        } else if (pattern[i] == "{command}") {
            match.command = segments[i];
        } else if (pattern[i] != segments[i]) {
            return false;
        }
    }
    return true;
}

std::string_view reason_of(int status) {
    switch (status) {
        case 400:
            return "malformed";
        case 401:
            return "unauthenticated";
        case 403:
            return "forbidden";
        case 413:
            return "oversize";
        default:
            return "other";
    }
}

std::optional<HttpReply> refuse_bounds(const HttpIn& head) {
    if (head.path.size() > core::limits::path_bytes_max) {
        return HttpReply::error(414, Error{"path_too_long", "the path is too long"});
    }
    std::size_t bytes = 0;
    for (const auto& [name, value] : head.query) bytes += name.size() + value.size();
    if (head.query.size() > core::limits::query_parameters_max ||
        bytes > core::limits::query_bytes_max) {
        return HttpReply::error(400, Error{"query_too_long", "the query is too long"});
    }
    return std::nullopt;
}

HttpReply no_route(const RouteMatch& match) {
    if (match.allowed.empty()) {
        return HttpReply::error(404, Error{"no_such_path", "there is nothing at this path"});
    }
    auto reply = HttpReply::error(
        405, Error{"method_not_allowed", "use " + match.allowed + " for this path"});
    reply.headers.emplace_back("Allow", match.allowed);
    return reply;
}

Permission permission_of(const ApiSettings& settings, const RouteMatch& match, const HttpIn& head) {
    if (match.route->need == Need::page) return permit_page(settings, match, head);
    return permit(settings.access, match.route->need, head);
}

/// Alertmanager's own API takes JSON only and says 415 otherwise; its webhook door is not asked.
bool is_json(const HttpIn& head) {
    const std::string_view type = head.header("content-type");
    return trim(type.substr(0, type.find(';'))) == "application/json";
}

}  // namespace

RouteMatch find_route(std::string_view method, std::string_view path) {
    const auto segments = split(path, '/');
    RouteMatch match;
    for (const auto& route : routes) {
        RouteMatch candidate;
        if (!fits(route, segments, candidate)) continue;
        const bool get = std::string_view(route.method) == "GET";
        if (method == route.method || (get && method == "HEAD")) {
            candidate.route = &route;
            return candidate;
        }
        if (!match.allowed.empty()) match.allowed += ", ";
        match.allowed += get ? "GET, HEAD" : route.method;
    }
    return match;
}

std::string Api::Call::sender() const {
    if (!token.empty()) return token;
    return request.peer.substr(0, request.peer.rfind(':'));
}

Api::Api(Parts parts, ApiSettings settings)
    : parts_(std::move(parts)),
      settings_(std::make_shared<const ApiSettings>(std::move(settings))) {}

void Api::set_settings(ApiSettings settings) {
    settings_.store(std::make_shared<const ApiSettings>(std::move(settings)));
}

Admission Api::admit(const HttpIn& head) const {
    Admission admission;
    admission.trusted = is_loopback(head.peer);
    admission.refusal = refuse_bounds(head);
    if (!admission.refusal) {
        const RouteMatch match = find_route(head.method, head.path);
        if (match.route == nullptr) {
            admission.refusal = no_route(match);
        } else {
            const auto settings = settings_.load();
            Permission permission = permission_of(*settings, match, head);
            admission.refusal = std::move(permission.refusal);
            admission.trusted = admission.trusted || permission.token != nullptr;
            admission.body_bytes_max = match.route->body_bytes_max;
            if (!admission.refusal && match.route->handle == take_alerts && !is_json(head)) {
                admission.refusal =
                    HttpReply::error(415, Error{"unsupported_media_type", "send application/json"});
            }
        }
    }
    if (admission.refusal) {
        parts_.metrics.add(Metric::requests_refused, {reason_of(admission.refusal->status)});
    }
    return admission;
}

// The listener asked `admit` before it read the body; asking again costs little and lets tests and
// simulations come in below the socket.
void Api::handle(HttpIn request, Reply reply) {
    Admission admission = admit(request);
    if (admission.refusal) {
        reply(std::move(*admission.refusal));
        return;
    }
    if (request.body.size() > admission.body_bytes_max) {
        refused(413, request, "the body is too large");
        reply(HttpReply::error(413, Error{"too_large", "the body is too large"}));
        return;
    }
    RouteMatch match = find_route(request.method, request.path);
    Call call;
    call.settings = settings_.load();
    const Permission permission = permission_of(*call.settings, match, request);
    if (permission.token != nullptr) {
        call.token = permission.token->name;
        call.source = permission.token->source;
    }
    call.may_command = permission.token == nullptr || permission.token->command;
    call.request = std::move(request);
    call.reply = std::move(reply);
    call.id = std::move(match.id);
    call.command = std::move(match.command);
    call.received = parts_.runtime.now();
    match.route->handle(*this, std::move(call));
}

void Api::refused(int status, const HttpIn& head, const std::string& reason) {
    parts_.metrics.add(Metric::requests_refused, {reason_of(status)});
    const RouteMatch match = find_route(head.method, head.path);
    if (match.route == nullptr || match.route->need != Need::alerts) return;
    const auto settings = settings_.load();
    const Permission permission = permit(settings->access, Need::alerts, head);
    if (permission.refusal) return;
    Call call;
    call.request.peer = head.peer;
    if (permission.token != nullptr) call.token = permission.token->name;
    note_rejected(status, call.sender(), reason);
}

void Api::note_rejected(int status, const std::string& sender, const std::string& reason) {
    parts_.runtime.post([this, status, sender, reason] {
        auto rejected = senders_.refused(status, sender, reason, parts_.runtime.now());
        if (!rejected) return;
        parts_.log.warning("a sender loses its alerts",
                           {{"what", rejected->what}, {"sender", sender}, {"reason", reason}});
        Input input;
        input.received = parts_.runtime.now();
        input.journal = JournalRow{.at = {}, .kind = "rejected", .source = sender, .body = reason};
        input.events.emplace_back(std::move(*rejected));
        // Full or failing: the sender will be refused again, and then it is told.
        if (!parts_.engine.offer(std::move(input))) senders_.accepted(sender);
    });
}

void Api::offer(const Reply& reply, Input input) {
    const bool failing = parts_.engine.store_failing();
    if (!failing && parts_.engine.offer(std::move(input))) return;
    parts_.metrics.add(Metric::requests_refused, {failing ? "store_failing" : "inbox_full"});
    auto busy = HttpReply::error(
        503, failing ? Error{"store_failing", "nothing can be stored at the moment; send it again"}
                     : Error{"inbox_full", "too much is waiting; send it again"});
    busy.headers.emplace_back("Retry-After", "5");
    reply(std::move(busy));
}

void Api::read(Reply reply, std::function<HttpReply(ReadStore&)> task) {
    visit(std::move(reply),
          [task = std::move(task)](ReadStore& store, const Reply& answer) { answer(task(store)); });
}

void Api::visit(Reply reply, std::function<void(ReadStore&, const Reply&)> task) {
    if (reads_waiting_.fetch_add(1) >= core::limits::reads_waiting_max) {
        reads_waiting_.fetch_sub(1);
        parts_.metrics.add(Metric::requests_refused, {"reads_full"});
        reply(HttpReply::error(503, Error{"reads_full", "too many reads are waiting; try again"}));
        return;
    }
    parts_.reads.post([this, reply = std::move(reply), task = std::move(task)] {
        reads_waiting_.fetch_sub(1);
        task(parts_.store, reply);
    });
}

}  // namespace tocsin::shell
