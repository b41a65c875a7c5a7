import { render } from 'preact';
import { Lab } from './shell/Lab.js';
import './style/theme.css';
import './style/lab.css';

render(<Lab />, document.getElementById('lab')!);
