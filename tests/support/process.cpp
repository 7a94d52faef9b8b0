// Child processes of tests: started, signalled and reaped by their ids only.

#include "support/process.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <thread>
#include <utility>

#include "base/text.hpp"
#include "support/shared_data.hpp"

namespace tocsin::support {

bool eventually(const std::function<bool()>& condition, std::chrono::seconds bound) {
    const auto end = std::chrono::steady_clock::now() + bound;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return true;
}

TemporaryFolder::TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tocsin-test.XXXXXX").string();
    if (::mkdtemp(pattern.data()) != nullptr) path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

void write_file(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

Process::Process(std::vector<std::string> arguments, const std::filesystem::path& output) {
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    const int file = ::open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const pid_t parent = ::getpid();
    id_ = ::fork();
    if (id_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent) ::_exit(126);
        ::dup2(file, STDOUT_FILENO);
        ::dup2(file, STDERR_FILENO);
        ::execvp(argv[0], argv.data());
        ::_exit(127);
    }
    if (file >= 0) ::close(file);
}

Process::~Process() {
    kill();
}

Process::Process(Process&& other) noexcept
    : id_(std::exchange(other.id_, 0)), status_(std::exchange(other.status_, std::nullopt)) {}

Process& Process::operator=(Process&& other) noexcept {
    if (this != &other) {
        kill();
        id_ = std::exchange(other.id_, 0);
        status_ = std::exchange(other.status_, std::nullopt);
    }
    return *this;
}

void Process::signal(int number) const {
    if (id_ > 0 && !status_) ::kill(id_, number);
}

std::optional<int> Process::status() {
    int raw = 0;
    if (id_ > 0 && !status_ && ::waitpid(id_, &raw, WNOHANG) == id_) {
        status_ = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
    }
    return status_;
}

std::optional<int> Process::wait(std::chrono::seconds bound) {
    eventually([&] { return status().has_value(); }, bound);
    return status_;
}

void Process::kill() {
    if (id_ <= 0 || status()) return;
    ::kill(id_, SIGKILL);
    wait();
}

Output run(const std::vector<std::string>& arguments) {
    const TemporaryFolder folder;
    const auto file = folder.path() / "output";
    Process process(arguments, file);
    const std::optional<int> status = process.wait(std::chrono::seconds(120));
    return {.status = status.value_or(-1), .text = read_file(file)};
}

std::filesystem::path build_folder() {
    return std::filesystem::read_symlink("/proc/self/exe").parent_path();
}

std::optional<std::string> peer_program(const std::vector<std::string>& names) {
    const char* path = std::getenv("PATH");
    const std::string places =
        (path != nullptr ? path : "") + (":" + (build_folder() / "peers" / "bin").string());
    for (const std::string_view place : split(places, ':')) {
        for (const std::string& name : names) {
            const auto program = std::filesystem::path(place) / name;
            if (!place.empty() && ::access(program.c_str(), X_OK) == 0) return program.string();
        }
    }
    return std::nullopt;
}

}  // namespace tocsin::support
