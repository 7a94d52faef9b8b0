#pragma once
// Log: logfmt lines on standard error; every value is escaped, so that no label can forge a line.

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/verdict.hpp"

namespace tocsin::shell {

enum class LogLevel : std::uint8_t { debug, info, warning, error };

/// A value as it will be printed: quoted when it has to be.
using LogField = std::pair<std::string_view, std::string>;

/// `level=info msg="…" a=b c="d e"`: one line, whatever the fields hold.
[[nodiscard]] std::string log_line(LogLevel level, std::string_view message,
                                   const std::vector<LogField>& fields);

/// Verdict outcomes that matter to somebody reading the log: incident, suppressed, in_doubt.
[[nodiscard]] bool is_logged(const core::Verdict& verdict);
[[nodiscard]] std::vector<LogField> fields_of(const core::Verdict& verdict);

class Log {
public:
    using Write = std::function<void(LogLevel, const std::string& line)>;
    explicit Log(Write write, LogLevel least = LogLevel::info)
        : write_(std::move(write)), least_(least) {}

    void line(LogLevel level, std::string_view message, const std::vector<LogField>& fields = {});
    void info(std::string_view message, const std::vector<LogField>& fields = {});
    void warning(std::string_view message, const std::vector<LogField>& fields = {});
    void error(std::string_view message, const std::vector<LogField>& fields = {});
    /// One line for each verdict that matters, up to limits::verdict_lines_per_batch_max; the rest
    /// as one line with the counts. Returns how many were summed up.
    std::size_t verdicts(const std::vector<core::Verdict>& verdicts);

private:
    Write write_;
    LogLevel least_;
};

/// Writes to standard error: with `<N>` priorities for the journal when `under_systemd`, else with
/// a time. Thread-safe.
[[nodiscard]] Log::Write standard_error_log(bool under_systemd);

}  // namespace tocsin::shell
