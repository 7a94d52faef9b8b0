// One request to a running daemon, and what is said when it fails.
#include "daemon/client_http.hpp"

#include <cstdlib>
#include <optional>

#include "base/text.hpp"
#include "core/limits.hpp"
#include "shell/net_threads.hpp"
#include "shell/runtime_threads.hpp"

namespace tocsin::daemon {

using integrations::Answer;
using integrations::HttpRequest;
using integrations::Json;

void print(std::FILE* to, const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), to);
}

int fail(const std::string& message) {
    print(stderr, "tocsin: " + one_line(message) + "\n");
    return 1;
}

Answer ask(const Arguments& arguments, const char* method, const std::string& path,
           std::string body) {
    HttpRequest request;
    request.method = method;
    request.url = arguments.url;
    while (request.url.ends_with('/')) request.url.pop_back();
    request.url += path;
    request.timeout = seconds(30);
    request.response_bytes_max = core::limits::query_response_bytes_max;
    request.body = std::move(body);
    if (!request.body.empty()) request.headers.emplace_back("Content-Type", "application/json");
    if (const char* token = std::getenv("TOCSIN_TOKEN")) {
        request.headers.emplace_back("Authorization", std::string("Bearer ") + token);
    }
    shell::RuntimeThreads runtime;
    shell::NetThreads net(runtime);
    Answer answer;
    runtime.post([&] {
        net.send("daemon", request, [&](Answer got) {
            answer = std::move(got);
            runtime.stop();
        });
    });
    runtime.run();
    return answer;
}

std::string trouble(const Arguments& arguments, const Answer& answer) {
    if (answer.kind != Answer::Kind::answered) {
        return "no answer from " + arguments.url + " (" + answer.error +
               "); is the daemon running? --url says where";
    }
    const auto body = integrations::parse_json(answer.body);
    const Json* error = body ? body->find("error") : nullptr;
    if (error != nullptr) {
        return error->text_at("message").value_or("refused") + " (" +
               error->text_at("code").value_or("") + ")";
    }
    return "the daemon answered " + std::to_string(answer.status) + " " +
           truncate(answer.body, 200);
}

int show_answer(const Arguments& arguments, const Answer& answer, const Print& text) {
    if (answer.kind != Answer::Kind::answered || answer.status / 100 != 2) {
        return fail(trouble(arguments, answer));
    }
    if (arguments.json) {
        print(stdout, answer.body + (answer.body.ends_with('\n') ? "" : "\n"));
        return 0;
    }
    const auto body = integrations::parse_json(
        answer.body, {.bytes_max = core::limits::query_response_bytes_max});
    if (!body) return fail("the daemon's answer cannot be read: " + body.error().message);
    print(stdout, text(*body));
    return 0;
}

std::string percent_encoded(const std::string& text) {
    std::string encoded;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') ||
                           std::string_view("-._~").find(c) != std::string_view::npos;
        if (plain) {
            encoded += c;
        } else {
            constexpr std::string_view digits = "0123456789ABCDEF";
            encoded += '%';
            encoded += digits[byte >> 4U];
            encoded += digits[byte & 15U];
        }
    }
    return encoded;
}

std::string query(std::initializer_list<std::pair<const char*, std::string>> parameters) {
    std::string text;
    for (const auto& [name, value] : parameters) {
        if (value.empty()) continue;
        text += (text.empty() ? "?" : "&") + std::string(name) + "=" + percent_encoded(value);
    }
    return text;
}

}  // namespace tocsin::daemon
