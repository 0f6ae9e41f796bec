package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// preparer writes metering into modules with the command cc-lb-plugin. A real host prepares a
// plugin once, when it is published, and stores the result beside the original.
type preparer struct {
	command []string
	folder  string // for the files that the command writes
	known   map[string]prepared
}

// prepared is the outcome for one module: its prepared form, or why it was refused.
type prepared struct {
	wasm []byte
	err  error
}

// prepare returns the form of a module whose kernel the host provides.
func (p *preparer) prepare(original []byte) ([]byte, error) {
	outcome, ok := p.known[string(original)]
	if !ok {
		outcome.wasm, outcome.err = p.run(original)
		p.known[string(original)] = outcome
	}
	return outcome.wasm, outcome.err
}

func (p *preparer) run(original []byte) ([]byte, error) {
	output := filepath.Join(p.folder, "prepared.wasm")
	args := append(p.command[1:], "prepare", "-", "--output", output, "--kernel", "instance", "--json")
	command := exec.Command(p.command[0], args...)
	command.Stdin, command.Stderr = bytes.NewReader(original), os.Stderr
	report, exit := command.Output()
	var said struct {
		Output string `json:"output"`
		Error  struct {
			Failure map[string]any `json:"failure"`
		} `json:"error"`
	}
	if err := json.Unmarshal(report, &said); err != nil {
		return nil, fmt.Errorf("%s prepared nothing: %v", strings.Join(command.Args, " "), exit)
	}
	if said.Output == "" {
		kind, _ := said.Error.Failure["kind"].(string)
		return nil, &failure{"build", kind, said.Error.Failure}
	}
	return os.ReadFile(output)
}
