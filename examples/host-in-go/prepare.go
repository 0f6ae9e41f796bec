package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// preparer writes metering into modules with the command cc-lb-plugin. A real host prepares a
// plugin once, when it is published, and stores the result beside the original.
type preparer struct {
	command []string
	known   map[string][]byte // the prepared form by the bytes of the original
}

// prepare returns the form of a module whose kernel the host provides, or why it is refused.
func (p *preparer) prepare(original []byte) ([]byte, error) {
	if known, ok := p.known[string(original)]; ok {
		return known, nil
	}
	folder, err := os.MkdirTemp("", "host-in-go-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	output := filepath.Join(folder, "prepared.wasm")
	args := append(p.command[1:], "prepare", "-", "--output", output, "--kernel", "instance", "--json")
	command := exec.Command(p.command[0], args...)
	command.Stdin, command.Stderr = bytes.NewReader(original), os.Stderr
	report, exit := command.Output()
	var said struct {
		Error struct{ Failure map[string]any }
	}
	if err := json.Unmarshal(report, &said); err != nil {
		return nil, fmt.Errorf("%v did not report: %v", command.Args, exit)
	}
	if kind, refused := said.Error.Failure["kind"].(string); refused {
		return nil, &failure{"build", kind, said.Error.Failure}
	}
	prepared, err := os.ReadFile(output)
	if err == nil {
		p.known[string(original)] = prepared
	}
	return prepared, err
}
