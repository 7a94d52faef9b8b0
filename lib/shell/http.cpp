// HttpIn and HttpReply: the few helpers that every handler needs.
#include "shell/http.hpp"

#include "integrations/json.hpp"

namespace tocsin::shell {

std::string_view HttpIn::header(std::string_view lower_case_name) const {
    for (const auto& [name, value] : headers) {
        if (name == lower_case_name) return value;
    }
    return {};
}

std::optional<std::string> HttpIn::parameter(std::string_view name) const {
    for (const auto& [key, value] : query) {
        if (key == name) return value;
    }
    return std::nullopt;
}

HttpReply HttpReply::error(int status, const Error& error) {
    std::string body = "{\"error\":{\"code\":";
    integrations::append_json_text(body, error.code);
    body += ",\"message\":";
    integrations::append_json_text(body, error.message);
    if (!error.field.empty()) {
        body += ",\"field\":";
        integrations::append_json_text(body, error.field);
    }
    body += "}}\n";
    return {.status = status, .body = std::move(body)};
}

HttpReply HttpReply::text(int status, std::string body) {
    return {.status = status, .content_type = "text/plain; charset=utf-8", .body = std::move(body)};
}

}  // namespace tocsin::shell
