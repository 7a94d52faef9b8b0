#pragma once
// Process: a child of the test, ended with it; and waiting for a condition instead of sleeping.

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tocsin::support {

/// Polls until the condition holds or the bound (generous, for slow machines) has passed.
bool eventually(const std::function<bool()>& condition,
                std::chrono::seconds bound = std::chrono::seconds(60));

/// A folder of its own below $TMPDIR, removed with everything in it at the end.
class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

void write_file(const std::filesystem::path& path, const std::string& text);

/// A child process whose output goes to a file. Ended by SIGKILL when the object goes, or when
/// the test program itself dies.
class Process {
public:
    Process() = default;
    /// Arguments as in argv; the program is looked up in PATH if it has no slash.
    Process(std::vector<std::string> arguments, const std::filesystem::path& output);
    ~Process();
    Process(Process&& other) noexcept;
    Process& operator=(Process&& other) noexcept;

    [[nodiscard]] pid_t id() const { return id_; }
    void signal(int number) const;
    /// The exit status, or 128 + the signal that ended it; nothing while it runs.
    std::optional<int> status();
    /// Waits for the end; nothing if it has not come within the bound.
    std::optional<int> wait(std::chrono::seconds bound = std::chrono::seconds(60));
    void kill();

private:
    pid_t id_ = 0;
    std::optional<int> status_;
};

struct Output {
    int status = -1;
    std::string text;  // standard output and standard error
};

/// Runs a command to its end.
Output run(const std::vector<std::string>& arguments);

/// The folder in which this test program, and the daemon beside it, were built.
std::filesystem::path build_folder();

/// A program of Debian's: in $PATH, or unpacked below `peers/bin` of the build folder by tests/run.
/// Nothing if there is none.
std::optional<std::string> peer_program(const std::vector<std::string>& names);

}  // namespace tocsin::support
