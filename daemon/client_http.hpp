#pragma once
// What the subcommands that ask a running daemon share: the request, the answer, the complaint.

#include <cstdio>
#include <functional>
#include <initializer_list>
#include <string>
#include <utility>

#include "daemon/commands.hpp"
#include "integrations/json.hpp"
#include "integrations/request.hpp"

namespace tocsin::daemon {

void print(std::FILE* to, const std::string& text);
/// Says it on standard error; 1, the exit code.
int fail(const std::string& message);

/// Sends one request to `arguments.url`, with the token of the environment, and waits for it.
[[nodiscard]] integrations::Answer ask(const Arguments& arguments, const char* method,
                                       const std::string& path, std::string body = "");
/// Why the answer is no success, in one sentence.
[[nodiscard]] std::string trouble(const Arguments& arguments, const integrations::Answer& answer);

using Print = std::function<std::string(const integrations::Json&)>;
/// Prints the answer, laid out by `text` or as it is (`--json`); the exit code.
int show_answer(const Arguments& arguments, const integrations::Answer& answer, const Print& text);

[[nodiscard]] std::string percent_encoded(const std::string& text);
/// `?a=b&c=d` of those that are set.
[[nodiscard]] std::string query(
    std::initializer_list<std::pair<const char*, std::string>> parameters);

}  // namespace tocsin::daemon
